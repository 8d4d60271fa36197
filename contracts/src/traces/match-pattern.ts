/** What variables stand for, by name. */
export type Bindings = Map<string, unknown>

/** Where a value is not as the pattern has it. */
export interface PatternMismatch {
  /** JSON Pointer. */
  readonly path: string
  readonly expected: string
  readonly received: string
}

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const show = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value))

const typeOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (Number.isInteger(value)) return 'integer'
  return value === undefined ? 'nothing' : typeof value
}

const isOfType = (value: unknown, type: string): boolean =>
  typeOf(value) === type || (type === 'number' && typeof value === 'number')

const segment = (name: string | number): string =>
  String(name).replaceAll('~', '~0').replaceAll('/', '~1')

const toSum = (parts: readonly unknown[], bindings: Bindings): number =>
  parts.reduce<number>((sum, part) => sum + Number(fillPattern(part, bindings)), 0)

/** The parts of a token that can be read without its key, else `undefined`; it is not shown, as it would let its reader in. */
function readJwt(value: unknown): unknown {
  const [header, claims] = String(value)
    .split('.')
    .map(part => Buffer.from(part, 'base64url').toString())
  try {
    return { header: JSON.parse(header ?? ''), claims: JSON.parse(claims ?? '') }
  } catch {
    return undefined
  }
}

/**
 * Compares JSON with a pattern. An object must have the pattern's fields and may have more; an array has as many items. Of the special
 * forms `{"$": "name"}` is a variable, bound where it is met first and equal from then on; `{"$type": "string"}` is any value of a JSON
 * type, or an `integer`; `{"$sum": [{"$": "name"}, 600]}` is a number that is that sum; `{"$text": "regex"}` is a text that matches; `{"$absent": true}` is a field that is not there;
 * `{"$jwt": {"header": …, "claims": …}}` is a token whose parts are so; `{"$all": [pattern, …]}` is all of these at once.
 */
export function matchPattern(
  pattern: unknown,
  value: unknown,
  bindings: Bindings,
  path = '',
): PatternMismatch[] {
  const differ = (expected: string): PatternMismatch[] => [
    { path, expected, received: show(value) },
  ]
  if (Array.isArray(pattern)) {
    if (!Array.isArray(value) || value.length !== pattern.length)
      return differ(`an array of ${pattern.length}`)
    return pattern.flatMap((inner, index) =>
      matchPattern(inner, value[index], bindings, `${path}/${index}`),
    )
  }
  if (!isFields(pattern)) return Object.is(pattern, value) ? [] : differ(show(pattern))
  if (typeof pattern['$'] === 'string') {
    const name = pattern['$']
    if (!bindings.has(name)) {
      if (value === undefined || value === null) return differ(`a value for $${name}`)
      bindings.set(name, value)
      return []
    }
    const bound = bindings.get(name)
    return Object.is(bound, value) ? [] : differ(`$${name} = ${show(bound)}`)
  }
  if (Array.isArray(pattern['$sum'])) {
    const sum = toSum(pattern['$sum'], bindings)
    return Object.is(sum, value) ? [] : differ(`the sum ${show(sum)}`)
  }
  if (typeof pattern['$type'] === 'string')
    return isOfType(value, pattern['$type']) ? [] : differ(`any ${pattern['$type']}`)
  if (typeof pattern['$text'] === 'string')
    return typeof value === 'string' && new RegExp(pattern['$text']).test(value)
      ? []
      : differ(`a text that matches ${pattern['$text']}`)
  if (Array.isArray(pattern['$all']))
    return pattern['$all'].flatMap(inner => matchPattern(inner, value, bindings, path))
  if (isFields(pattern['$jwt']))
    return matchPattern(pattern['$jwt'], readJwt(value), bindings, path)
  if (pattern['$absent'] === true) return value === undefined ? [] : differ('nothing')
  if (!isFields(value)) return differ('an object')
  return Object.entries(pattern).flatMap(([name, inner]) =>
    matchPattern(
      inner,
      Object.hasOwn(value, name) ? value[name] : undefined,
      bindings,
      `${path}/${segment(name)}`,
    ),
  )
}

/** Puts what variables stand for in their places; throws for one that is not bound yet. */
export function fillPattern(pattern: unknown, bindings: Bindings): unknown {
  if (Array.isArray(pattern)) return pattern.map(inner => fillPattern(inner, bindings))
  if (!isFields(pattern)) return pattern
  const name = pattern['$']
  if (typeof name === 'string') {
    if (!bindings.has(name)) throw new Error(`The variable $${name} is used before it is bound`)
    return bindings.get(name)
  }
  return Object.fromEntries(
    Object.entries(pattern).map(([key, inner]) => [key, fillPattern(inner, bindings)]),
  )
}
