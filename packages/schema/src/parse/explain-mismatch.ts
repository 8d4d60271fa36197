import type { z } from 'zod'
import { nearestWord } from './nearest-word.ts'
import { expectedAt, fieldsOf, optionFor, type Place, placeAt } from './schema-walk.ts'

/** One place where a value is not what its schema reads. */
export interface Mismatch {
  /** JSON Pointer (RFC 6901) of the value; empty for the payload itself. */
  readonly path: string
  readonly expected: string
  /** The value that came, as shortened JSON; `nothing` where there was none. */
  readonly received: string
  /** All of it in one sentence, with a suggestion where the value looks like a slip. */
  readonly message: string
}

const longestReceived = 80

/** How many mismatches or remarks are named at most: a small body can hold hundreds of thousands, and each costs a walk to its place. */
export const mostNamed = 100

const toJsonPointer = (path: readonly PropertyKey[]): string =>
  path.map(key => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** What is no JSON is named by its type: a function, a bigint, an object with a cycle. */
function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value
  } catch {
    return typeof value
  }
}

function describeReceived(value: unknown): string {
  if (value === undefined) return 'nothing'
  const json = toJson(value)
  return json.length <= longestReceived ? json : `${json.slice(0, longestReceived)}…`
}

/** Joins words as prose does: `A, B or C`. */
export const alternatives = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`

export function createMismatch(options: {
  readonly path: readonly PropertyKey[]
  readonly expected: string
  readonly received: unknown
  /** A suggestion, which the message puts in parentheses. */
  readonly hint?: string | undefined
}): Mismatch {
  const path = toJsonPointer(options.path)
  const received = describeReceived(options.received)
  const hint = options.hint === undefined ? '' : ` (${options.hint})`
  return {
    path,
    expected: options.expected,
    received,
    message: `${path || 'The payload'}: expected ${options.expected}, received ${received}${hint}`,
  }
}

/** An issue of zod with its whole path from the payload's root. */
interface RootedIssue {
  readonly issue: z.core.$ZodIssue
  readonly path: readonly PropertyKey[]
}

const unionAt = ({ schemas }: Place): z.core.$ZodUnionDef[] =>
  (schemas as readonly z.core.$ZodTypes[]).flatMap(({ _zod: { def } }) =>
    def.type === 'union' ? [def] : [],
  )

/** Replaces the issue of a union by those of the option that the value most resembles. */
function flattenIssue(
  { issue, path }: RootedIssue,
  schema: z.core.$ZodType,
  value: unknown,
): RootedIssue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ issue, path }]
  const place = placeAt(schema, value, path)
  const union = unionAt(place).find(({ options }) => options.length === issue.errors.length)
  const option = union && optionFor(union, place.value)
  const inner = option && issue.errors[union.options.indexOf(option)]
  if (inner === undefined) return [{ issue, path }]
  return inner
    .slice(0, mostNamed)
    .flatMap(found => flattenIssue({ issue: found, path: [...path, ...found.path] }, schema, value))
}

/** A size in the unit that it is measured in: `1 element`, `64 characters`, or the bare number of a number. */
function toSize(count: number | bigint, origin: string): string {
  const unit = { string: 'character', array: 'element' }[origin]
  return unit === undefined ? String(count) : `${count} ${unit}${count === 1 ? '' : 's'}`
}

/** The words that a value had to be one of, where it had to be one of some. */
function allowedWords(issue: z.core.$ZodIssue, parent: Place): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String)
  if (issue.code !== 'invalid_union') return []
  const tags = parent.schemas.at(-1)?._zod.propValues?.[issue.discriminator ?? '']
  return tags ? [...tags].map(String) : []
}

function describeExpected(issue: z.core.$ZodIssue, parent: Place): string {
  const words = allowedWords(issue, parent)
  if (words.length > 0) return alternatives([...new Set(words)])
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'int' ? 'integer' : issue.expected
    case 'invalid_union':
      return alternatives([
        ...new Set(issue.errors.flat().map(inner => describeExpected(inner, parent))),
      ])
    case 'too_small':
      return `at least ${toSize(issue.minimum, issue.origin)}`
    case 'too_big':
      return `at most ${toSize(issue.maximum, issue.origin)}`
    case 'unrecognized_keys':
      return 'no such field'
    default:
      return issue.message
  }
}

/** What was probably meant by a word that is not allowed, by a field that is missing, or by one that is unknown. */
function hintAt(
  issue: z.core.$ZodIssue,
  place: Place,
  parent: Place,
  key: PropertyKey | undefined,
): string | undefined {
  const known = fieldsOf(parent.schemas.at(-1))
  if (issue.code === 'unrecognized_keys') {
    const field = nearestWord(String(key), known)
    return field && `did you mean "${field}"?`
  }
  if (typeof place.value === 'string') {
    const word = nearestWord(place.value, allowedWords(issue, parent))
    return word && `did you mean ${JSON.stringify(word)}?`
  }
  if (place.value !== undefined || typeof key !== 'string') return undefined
  if (typeof parent.value !== 'object' || parent.value === null) return undefined
  const unknown = Object.keys(parent.value).filter(name => !known.includes(name))
  const slip = nearestWord(key, unknown.slice(0, mostNamed))
  return slip && `the name is "${key}", not "${slip}"`
}

/** A mismatch with zod's own issue, and where in the value it stands. */
interface FoundMismatch {
  readonly issue: z.core.$ZodIssue
  readonly place: Place
  readonly mismatch: Mismatch
}

export const toFoundMismatches = (
  schema: z.core.$ZodType,
  value: unknown,
  error: z.core.$ZodError,
): FoundMismatch[] =>
  error.issues
    .slice(0, mostNamed)
    .flatMap(issue => flattenIssue({ issue, path: issue.path }, schema, value))
    .flatMap(({ issue, path }): RootedIssue[] =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map(key => ({ issue, path: [...path, key] }))
        : [{ issue, path }],
    )
    .slice(0, mostNamed)
    .map(({ issue, path }) => {
      const place = placeAt(schema, value, path)
      const parent = placeAt(schema, value, path.slice(0, -1))
      const mismatch = createMismatch({
        path,
        expected: expectedAt(place) ?? describeExpected(issue, parent),
        received: place.value,
        hint: hintAt(issue, place, parent, path.at(-1)),
      })
      return { issue, place, mismatch }
    })

/**
 * Puts the issues of a schema of your own into the words of a {@link Problem}, which has a rule as well. `value` is what the
 * messages show; it may be a copy of the parsed one in which secrets are blotted out.
 */
export const toMismatches = (
  schema: z.core.$ZodType,
  value: unknown,
  error: z.core.$ZodError,
): Mismatch[] => toFoundMismatches(schema, value, error).map(({ mismatch }) => mismatch)
