import type { z } from 'zod'
import { type ConversationBatch, ConversationBatchSchema } from './conversation-batch.ts'
import { createProblem, type Diagnostic, type Problem, toProblems } from './problem.ts'
import { unknownFields, valueAt } from './schema-walk.ts'
import { type SendRequest, SendRequestSchema } from './send-request.ts'

/** What a parser found: the request with remarks, or all that is wrong with it. */
export type ParseResult<Request> =
  | { readonly ok: true; readonly request: Request; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly problems: readonly [Problem, ...Problem[]] }

function parseRequest<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): ParseResult<z.output<Schema>> {
  const result = schema.safeParse(value)
  if (!result.success) return { ok: false, problems: toProblems(schema, value, result.error) }
  const diagnostics = [...unknownFields(schema, value)].map(path =>
    createProblem({
      path,
      expected: 'no such field',
      received: valueAt(value, path),
      rule: 'REQ-4',
    }),
  )
  return { ok: true, request: result.data, diagnostics }
}

/**
 * Reads the body of SEND: unknown fields are kept and noted, bare single elements become lists.
 * Bad input is a result, never an exception. Rules: EP-1, REQ-1 to REQ-8.
 */
export const parseSendRequest = (value: unknown): ParseResult<SendRequest> =>
  parseRequest(SendRequestSchema, value)

/** Reads the body of CONVERSATION, as {@link parseSendRequest} does that of SEND. Rules: EP-2, CON-2. */
export const parseConversationBatch = (value: unknown): ParseResult<ConversationBatch> =>
  parseRequest(ConversationBatchSchema, value)
