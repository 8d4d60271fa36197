import type { z } from 'zod'
import { maxProblems } from '../primitives/bounded.ts'
import type { RuleId } from '../rules/index.ts'
import { expectedAt, fieldsOf, type Location, locate, ruleAt, selectorOf } from './locate.ts'
import { nearestWord } from './nearest-word.ts'
import {
  alternatives,
  createInputProblem,
  type InputProblem,
  type Path,
  type Problem,
  withRule,
} from './problem.ts'

/** An issue of zod with its whole path from the payload's root. */
interface RootedIssue {
  readonly issue: z.core.$ZodIssue
  readonly path: Path
}

const unionAt = ({ schemas }: Location): z.core.$ZodUnionDef[] =>
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
  const location = locate(schema, value, path)
  const union = unionAt(location).find(({ options }) => options.length === issue.errors.length)
  const inner = union && issue.errors[selectorOf(union)(location.value)]
  if (inner === undefined) return [{ issue, path }]
  return inner
    .slice(0, maxProblems)
    .flatMap(found => flattenIssue({ issue: found, path: [...path, ...found.path] }, schema, value))
}

/** Writes a size with its unit: `1 element`, `64 characters`; the bound of a number has none. */
function toSize(count: number | bigint, origin: string): string {
  const unit = { string: 'character', array: 'element' }[origin]
  return unit === undefined ? String(count) : `${count} ${unit}${count === 1 ? '' : 's'}`
}

/** Lists the allowed words, if a value must be one of some. */
function allowedWords(issue: z.core.$ZodIssue, parent: Location): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String)
  if (issue.code !== 'invalid_union') return []
  const tags = parent.schemas.at(-1)?._zod.propValues?.[issue.discriminator ?? '']
  return tags ? [...tags].map(String) : []
}

function describeExpected(issue: z.core.$ZodIssue, parent: Location): string {
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

/** Suggests a correction of a word that is not allowed, of a missing field or of an unknown one. */
function hintAt(
  issue: z.core.$ZodIssue,
  location: Location,
  parent: Location,
  key: PropertyKey | undefined,
): string | undefined {
  const known = fieldsOf(parent.schemas.at(-1))
  if (issue.code === 'unrecognized_keys') {
    const field = nearestWord(String(key), known)
    return field && `did you mean "${field}"?`
  }
  if (typeof location.value === 'string') {
    const word = nearestWord(location.value, allowedWords(issue, parent))
    return word && `did you mean ${JSON.stringify(word)}?`
  }
  if (location.value !== undefined || typeof key !== 'string') return undefined
  if (typeof parent.value !== 'object' || parent.value === null) return undefined
  const unknown = Object.keys(parent.value).filter(name => !known.includes(name))
  const slip = nearestWord(key, unknown.slice(0, maxProblems))
  return slip && `the name is "${key}", not "${slip}"`
}

/** The rule that a refinement of this package names in its issue. */
const ruleOf = (issue: z.core.$ZodIssue): RuleId | undefined =>
  issue.code === 'custom' ? (issue.params?.['rule'] as RuleId | undefined) : undefined

/** A problem with the issue of zod that it explains. */
interface ExplainedIssue {
  readonly issue: z.core.$ZodIssue
  readonly location: Location
  readonly problem: InputProblem
}

const explainIssues = (
  schema: z.core.$ZodType,
  value: unknown,
  error: z.core.$ZodError,
): ExplainedIssue[] =>
  error.issues
    .slice(0, maxProblems)
    .flatMap(issue => flattenIssue({ issue, path: issue.path }, schema, value))
    .flatMap(({ issue, path }): RootedIssue[] =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.slice(0, maxProblems).map(key => ({ issue, path: [...path, key] }))
        : [{ issue, path }],
    )
    .slice(0, maxProblems)
    .map(({ issue, path }) => {
      const location = locate(schema, value, path)
      const parent = locate(schema, value, path.slice(0, -1))
      const problem = createInputProblem({
        path,
        expected:
          (ruleOf(issue) ? undefined : expectedAt(location)) ?? describeExpected(issue, parent),
        received: location.value,
        hint: hintAt(issue, location, parent, path.at(-1)),
      })
      return { issue, location, problem }
    })

/**
 * Explains the issues of a zod error, up to 100, with JSON Pointers and suggestions.
 *
 * @example
 * ```ts
 * import { ParticipantSchema, toInputProblems } from '@sendbox/schema'
 *
 * const value = { id: 'agent-1', role: 7 }
 * const { error } = ParticipantSchema.safeParse(value)
 * if (error) console.log(toInputProblems(ParticipantSchema, value, error)[0]?.path) // /role
 * ```
 */
export const toInputProblems = (
  schema: z.core.$ZodType,
  value: unknown,
  error: z.core.$ZodError,
): InputProblem[] => explainIssues(schema, value, error).map(({ problem }) => problem)

/** Explains the issues of a payload's zod error, each with the rule that it violates. */
export const explainPayloadIssues = (
  schema: z.core.$ZodType,
  value: unknown,
  error: z.core.$ZodError,
): { readonly issue: z.core.$ZodIssue; readonly problem: Problem }[] =>
  explainIssues(schema, value, error).map(({ issue, location, problem }) => ({
    issue,
    problem: withRule(problem, ruleOf(issue) ?? ruleAt(location)?.rule ?? 'REQ-1'),
  }))
