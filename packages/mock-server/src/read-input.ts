import { type Mismatch, toMismatches } from '@sendbox/schema'
import type { z } from 'zod'
import { redactSecrets } from './redact-secrets.ts'

/** What a user wrote, with defaults filled in, or all that is wrong with it. */
export type InputResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problems: readonly Mismatch[] }

/** Lists problems, each on a line of its own. */
export const toLines = (problems: readonly Mismatch[]): string =>
  problems
    .map(({ path, expected, received, message }) =>
      path === '' ? `\n  expected ${expected}, received ${received}` : `\n  ${message}`,
    )
    .join('')

/** Reads what a user wrote to steer the mock; problems are worded as those of payloads, and show no secrets. */
export function readInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): InputResult<z.output<Schema>> {
  const result = schema.safeParse(input)
  if (result.success) return { ok: true, value: result.data }
  const problems = toMismatches(schema, redactSecrets(input), result.error)
  return { ok: false, problems: redactSecrets(problems) as Mismatch[] }
}
