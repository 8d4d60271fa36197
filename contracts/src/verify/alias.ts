import { mapStrings, parseJson } from '../json.ts'
import type { ProxyRequest } from '../proxy.ts'

/** An id in a pact, and the one of the target that replaces it. */
export interface Alias {
  readonly inPact: string
  readonly atTarget: string
}

type MapText = (text: string) => string

const toMap = (aliases: readonly Alias[], from: keyof Alias, to: keyof Alias): MapText => {
  const found = new Map(aliases.map(alias => [alias[from], alias[to]]))
  const mapText: MapText = text => found.get(text) ?? text
  return text =>
    found.get(text) ?? (text.startsWith('/') ? text.split('/').map(mapText).join('/') : text)
}

/** Bytes in which nothing is replaced stay as they are. */
function mapBytes(bytes: Buffer, map: MapText): Buffer {
  let isChanged = false
  const mapped = mapStrings(parseJson(bytes), text => {
    const replacement = map(text)
    isChanged ||= replacement !== text
    return replacement
  })
  return isChanged ? Buffer.from(JSON.stringify(mapped)) : bytes
}

const mapPath = (path: string, map: MapText): string => {
  const [pathname = '', ...query] = path.split('?')
  if (map(pathname) !== pathname) return [map(pathname), ...query].join('?')
  const segments = pathname.split('/').map(segment => {
    const text = decodeURIComponent(segment)
    const mapped = map(text)
    return mapped === text ? segment : encodeURIComponent(mapped)
  })
  return [segments.join('/'), ...query].join('?')
}

/** Replaces ids of the pact by those of the target, in whole strings of JSON and whole segments of paths. */
export function toTarget(request: ProxyRequest, aliases: readonly Alias[]): ProxyRequest {
  if (aliases.length === 0) return request
  const map = toMap(aliases, 'inPact', 'atTarget')
  return { ...request, path: mapPath(request.path, map), bytes: mapBytes(request.bytes, map) }
}

/** Replaces ids of the target by those of the pact. */
export const toPact = (bytes: Buffer, aliases: readonly Alias[]): Buffer =>
  aliases.length === 0 ? bytes : mapBytes(bytes, toMap(aliases, 'atTarget', 'inPact'))
