/** A text of a pact, and what it stands for at the target. */
export interface Alias {
  readonly inPact: string
  readonly atTarget: string
}

function mapTexts(json: unknown, map: (text: string) => string): unknown {
  if (typeof json === 'string') return map(json)
  if (Array.isArray(json)) return json.map(item => mapTexts(item, map))
  if (typeof json !== 'object' || json === null) return json
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [name, mapTexts(value, map)]),
  )
}

const toMap = (
  aliases: readonly Alias[],
  from: keyof Alias,
  to: keyof Alias,
): ((text: string) => string) => {
  const found = new Map(aliases.map(alias => [alias[from], alias[to]]))
  const mapWhole = (text: string): string => found.get(text) ?? text
  return text =>
    found.get(text) ?? (text.startsWith('/') ? text.split('/').map(mapWhole).join('/') : text)
}

function mapBytes(bytes: Buffer, map: (text: string) => string): Buffer {
  try {
    return Buffer.from(JSON.stringify(mapTexts(JSON.parse(bytes.toString()), map)))
  } catch {
    return bytes
  }
}

const mapPath = (path: string, map: (text: string) => string): string => {
  const [bare = '', ...query] = path.split('?')
  if (map(bare) !== bare) return [map(bare), ...query].join('?')
  const segments = bare.split('/').map(segment => {
    const text = decodeURIComponent(segment)
    const mapped = map(text)
    return mapped === text ? segment : encodeURIComponent(mapped)
  })
  return [segments.join('/'), ...query].join('?')
}

/** Puts what the target knows in the place of what the pact says: whole texts, and whole segments of paths. */
export function toTarget<Passing extends { readonly path: string; readonly bytes: Buffer }>(
  request: Passing,
  aliases: readonly Alias[],
): Passing {
  if (aliases.length === 0) return request
  const map = toMap(aliases, 'inPact', 'atTarget')
  return { ...request, path: mapPath(request.path, map), bytes: mapBytes(request.bytes, map) }
}

/** Puts what the pact says back in the place of what the target knows. */
export const toPact = (bytes: Buffer, aliases: readonly Alias[]): Buffer =>
  aliases.length === 0 ? bytes : mapBytes(bytes, toMap(aliases, 'atTarget', 'inPact'))
