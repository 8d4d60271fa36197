import { type InputProblem, type Result, toInputProblems } from '@sendbox/schema'
import type { z } from 'zod'
import { redactProblem, redactSecrets } from './redact/secrets.ts'

/** Fields that are valid each, but not together: where, what was expected, and what came. */
export interface Contradiction {
  readonly path: readonly (string | number)[]
  readonly expected: string
  readonly received: unknown
}

/** Maximum number of contradictions that a check reports; it looks for no more. */
const maxContradictions = 10

/** Creates a zod check from a search for contradictions, which runs until it has found a few. */
export const refuseContradictions =
  <Value>(find: (value: Value) => Generator<Contradiction>): z.core.CheckFn<Value> =>
  ({ value, issues }) => {
    let count = 0
    for (const { path, expected, received } of find(value)) {
      issues.push({ code: 'custom', path: [...path], input: received, message: expected })
      count += 1
      if (count === maxContradictions) return
    }
  }

/** Writes each problem on a line of its own, indented. */
export const toLines = (problems: readonly InputProblem[]): string =>
  problems
    .map(({ path, expected, received, message }) =>
      path === '' ? `\n  expected ${expected}, received ${received}` : `\n  ${message}`,
    )
    .join('')

/**
 * Parses a user's input, defaults filled in, or returns every problem, worded as those of payloads and without secrets: values of a secret's
 * name, and those that are given.
 */
export function checkInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  secrets: readonly string[] = [],
): Result<z.output<Schema>, readonly InputProblem[]> {
  const result = schema.safeParse(input)
  if (result.success) return { ok: true, value: result.data }
  const shown = toInputProblems(schema, input, result.error).map(problem =>
    redactProblem(problem, secrets),
  )
  return { ok: false, refusal: redactSecrets(shown, secrets) as InputProblem[] }
}

/** Parses a user's input; throws a `TypeError` that begins with `name` (plural if it ends in `s`) and lists every problem. */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  name: string,
  secrets: readonly string[] = [],
): z.output<Schema> {
  const result = checkInput(schema, input, secrets)
  if (result.ok) return result.value
  const isOrAre = name.endsWith('s') ? 'are' : 'is'
  throw new TypeError(`The ${name} ${isOrAre} not valid:${toLines(result.refusal)}`)
}
