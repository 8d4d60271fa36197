import type { z } from 'zod'
import type { Evidence } from './evidence.ts'
import { type RuleId, ruleById } from './rules/index.ts'
import { expectedAt, placeAt, ruleAt } from './schema-walk.ts'

/** One thing that is wrong with a payload, or that deserves a look. */
export interface Problem {
  /** JSON Pointer (RFC 6901) of the value; empty for the payload itself. */
  readonly path: string
  readonly expected: string
  /** The value that came, as shortened JSON; `nothing` where there was none. */
  readonly received: string
  readonly message: string
  readonly rule: RuleId
  readonly evidence: Evidence
}

/** A remark on a payload that is taken all the same. */
export type Diagnostic = Problem

const longestReceived = 80

const toJsonPointer = (path: readonly PropertyKey[]): string =>
  path.map(key => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

function describeReceived(value: unknown): string {
  if (value === undefined) return 'nothing'
  const json = JSON.stringify(value)
  return json.length <= longestReceived ? json : `${json.slice(0, longestReceived)}…`
}

/** Joins words as prose does: `A, B or C`. */
const alternatives = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`

export function createProblem(options: {
  path: readonly PropertyKey[]
  expected: string
  received: unknown
  rule: RuleId
}): Problem {
  const path = toJsonPointer(options.path)
  const received = describeReceived(options.received)
  return {
    path,
    expected: options.expected,
    received,
    message: `${path || 'The payload'}: expected ${options.expected}, received ${received}`,
    rule: options.rule,
    evidence: ruleById.get(options.rule)?.evidence ?? 'assumed',
  }
}

/** An issue of zod with its whole path from the payload's root. */
interface RootedIssue {
  readonly issue: z.core.$ZodIssue
  readonly path: readonly PropertyKey[]
}

const isTypeMismatchAt = (issues: readonly z.core.$ZodIssue[]): boolean =>
  issues.some(issue => issue.code === 'invalid_type' && issue.path.length === 0)

/** Replaces the issue of a union by those of the option that the value most resembles. */
function flattenIssue(issue: z.core.$ZodIssue, base: readonly PropertyKey[] = []): RootedIssue[] {
  const path = [...base, ...issue.path]
  if (issue.code !== 'invalid_union') return [{ issue, path }]
  const fitting = issue.errors.filter(issues => !isTypeMismatchAt(issues))
  const nearest = fitting.toSorted((a, b) => a.length - b.length)[0]
  return nearest ? nearest.flatMap(inner => flattenIssue(inner, path)) : [{ issue, path }]
}

const sizeUnit = (origin: string): string =>
  origin === 'string' ? ' characters' : origin === 'array' ? ' elements' : ''

/** `tagged` is the schema of the object that an unmatched discriminator stands in. */
function describeExpected(issue: z.core.$ZodIssue, tagged?: z.core.$ZodType): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'int' ? 'integer' : issue.expected
    case 'invalid_value':
      return alternatives(issue.values.map(String))
    case 'invalid_union': {
      const tags = tagged?._zod.propValues?.[issue.discriminator ?? '']
      if (tags) return alternatives([...tags].map(String))
      return alternatives([...new Set(issue.errors.flat().map(inner => describeExpected(inner)))])
    }
    case 'too_small':
      return `at least ${issue.minimum}${sizeUnit(issue.origin)}`
    case 'too_big':
      return `at most ${issue.maximum}${sizeUnit(issue.origin)}`
    case 'unrecognized_keys':
      return `no field ${alternatives(issue.keys)}`
    default:
      return issue.message
  }
}

/** Says what is wrong with `value`, in the words of the variant that it most resembles. */
export const toProblems = (
  schema: z.core.$ZodType,
  value: unknown,
  error: z.core.$ZodError,
): [Problem, ...Problem[]] => {
  const problems = error.issues
    .flatMap(issue => flattenIssue(issue))
    .map(({ issue, path }) => {
      const place = placeAt(schema, value, path)
      const parent = placeAt(schema, value, path.slice(0, -1))
      return createProblem({
        path,
        expected: expectedAt(place) ?? describeExpected(issue, parent.schemas.at(-1)),
        received: place.value,
        rule: ruleAt(place)?.rule ?? 'REQ-1',
      })
    })
  return problems as [Problem, ...Problem[]]
}
