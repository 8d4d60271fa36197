import { isRecord } from '@sendbox/schema'
import { mapValues, parseJson } from '../json.ts'

/** The values of variables, by name. */
export type Bindings = Map<string, unknown>

/** A difference between a value and a pattern. */
export interface PatternMismatch {
  /** JSON Pointer. */
  readonly path: string
  readonly expected: string
  readonly received: string
}

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

/** Header and claims of a token, or `undefined`; never the token, which would grant access to readers of a report. */
function readJwt(value: unknown): unknown {
  const [header, claims] = String(value)
    .split('.')
    .map(part => parseJson(Buffer.from(part, 'base64url')))
  return header === undefined || claims === undefined ? undefined : { header, claims }
}

/**
 * Compares JSON with a pattern. An object has the pattern's fields and may have more; an array has the same length. Special forms:
 * - `{"$": "name"}`: a variable; its first value is bound, later ones must be equal
 * - `{"$type": "string"}`: any value of a JSON type, or an `integer`
 * - `{"$sum": [{"$": "name"}, 600]}`: the sum
 * - `{"$text": "regex"}`: a string that matches
 * - `{"$absent": true}`: no such field
 * - `{"$jwt": {"header": …, "claims": …}}`: a token with such header and claims
 * - `{"$all": [pattern, …]}`: a value that matches every pattern
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
  if (!isRecord(pattern)) return Object.is(pattern, value) ? [] : differ(show(pattern))
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
  if (isRecord(pattern['$jwt']))
    return matchPattern(pattern['$jwt'], readJwt(value), bindings, path)
  if (pattern['$absent'] === true) return value === undefined ? [] : differ('nothing')
  if (!isRecord(value)) return differ('an object')
  return Object.entries(pattern).flatMap(([name, inner]) =>
    matchPattern(
      inner,
      Object.hasOwn(value, name) ? value[name] : undefined,
      bindings,
      `${path}/${segment(name)}`,
    ),
  )
}

/** Replaces variables by their values; throws for one that is not bound yet. */
export function fillPattern(pattern: unknown, bindings: Bindings): unknown {
  if (Array.isArray(pattern)) return pattern.map(inner => fillPattern(inner, bindings))
  if (!isRecord(pattern)) return pattern
  const name = pattern['$']
  if (typeof name === 'string') {
    if (!bindings.has(name)) throw new Error(`The variable $${name} is used before it is bound`)
    return bindings.get(name)
  }
  return mapValues(pattern, inner => fillPattern(inner, bindings))
}
