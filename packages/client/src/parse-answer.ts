import type { z } from 'zod'

/** What a check of an answer found: the answer as it came, or the first fault in it. */
export type AnswerResult<Answer> =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly fault: string; readonly cause: unknown }

type Issue = z.core.$ZodIssue

const isFault = (issue: Issue): boolean => faultsOf(issue).length > 0

/** The parts of an issue that are more than a field that the schema does not know. */
function faultsOf(issue: Issue): readonly Issue[] {
  if (issue.code === 'unrecognized_keys') return []
  if (issue.code !== 'invalid_union') return [issue]
  const options = issue.errors.map(issues => issues.filter(isFault))
  const nearest = options.toSorted((a, b) => a.length - b.length)[0]
  if (nearest === undefined) return [issue]
  return nearest
    .flatMap(faultsOf)
    .map(inner => ({ ...inner, path: [...issue.path, ...inner.path] }))
}

const describe = ({ path, message }: Issue): string =>
  `${path.map(key => `/${String(key)}`).join('') || 'the body'} is unexpected (${message})`

/**
 * Checks an answer and lets unknown fields pass, as a service may add some at any time; they stay
 * in the answer. It suits schemas that check and do not transform, as those of answers are.
 */
export function parseAnswer<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): AnswerResult<z.output<Schema>> {
  const result = schema.safeParse(value)
  if (result.success) return { ok: true, answer: result.data }
  const fault = result.error.issues.flatMap(faultsOf)[0]
  if (fault === undefined) return { ok: true, answer: value as z.output<Schema> }
  return { ok: false, fault: describe(fault), cause: result.error }
}
