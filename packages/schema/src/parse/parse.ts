import type { z } from 'zod'
import { type Notification, NotificationSchema } from '../notifications/notification.ts'
import { SentNotificationSchema } from '../notifications/sent.ts'
import { maxProblems } from '../primitives/bounded.ts'
import {
  type ConversationBatch,
  type ConversationBatchItem,
  ConversationBatchSchema,
} from '../requests/open-conversation.ts'
import { type SendRequest, SendRequestSchema } from '../requests/send-request.ts'
import { diagnose } from './diagnose.ts'
import { explainPayloadIssues } from './explain-issues.ts'
import { checkRequestLimits, defaultLimits, type RequestLimits } from './limits.ts'
import { createProblem, type Diagnostic, type Problem, type Violation } from './problem.ts'

/** `strict` accepts what is documented or recorded; `as-service` also what is tolerated or assumed, with a diagnostic. */
export type ParseMode = 'strict' | 'as-service'

/** How a payload is parsed. */
export interface ParseOptions {
  /** @default 'as-service' */
  readonly mode?: ParseMode
  /**
   * Limits that differ from the public material's; `false` leaves them to a later {@link checkLimits}.
   * @default defaultLimits
   */
  readonly limits?: Partial<RequestLimits> | false
}

/** Everything that refuses a payload, up to 100 problems. */
export interface ParseFailure {
  readonly ok: false
  readonly problems: readonly [Problem, ...Problem[]]
}

/** The parsed request with its diagnostics, or the problems that refuse it. */
export type ParseResult<Request> =
  | { readonly ok: true; readonly request: Request; readonly diagnostics: readonly Diagnostic[] }
  | ParseFailure

/** The parsed notification with its diagnostics, or the problems that refuse it. */
export type ParseNotificationResult =
  | {
      readonly ok: true
      readonly notification: Notification
      readonly diagnostics: readonly Diagnostic[]
    }
  | ParseFailure

const isNonEmpty = <Element>(list: Element[]): list is [Element, ...Element[]] => list.length > 0

/** Lists the first violations of a valid value; in strict mode the first that it refuses, if there are any. */
function violationsIn(schema: z.ZodType, value: unknown, mode: ParseMode): Violation[] {
  const first: Violation[] = []
  const refused: Violation[] = []
  diagnose(schema, value, violation => {
    if (first.length < maxProblems) first.push(violation)
    if (mode === 'strict' && violation.refusedIn === 'strict') refused.push(violation)
    return (mode === 'strict' ? refused : first).length === maxProblems
  })
  return refused.length > 0 ? refused : first
}

/** Field by field, as a spread costs more than the rest of a small request. */
const toLimits = (limits: Partial<RequestLimits> = {}): RequestLimits => ({
  fileBytes: limits.fileBytes ?? defaultLimits.fileBytes,
  previewCharacters: limits.previewCharacters ?? defaultLimits.previewCharacters,
  textLength: limits.textLength === undefined ? defaultLimits.textLength : limits.textLength,
  fileTypes: limits.fileTypes ?? defaultLimits.fileTypes,
})

interface RequestParser<Schema extends z.ZodType> {
  readonly schema: Schema
  readonly value: unknown
  readonly options: ParseOptions
  readonly toViolations: (request: z.output<Schema>, limits: RequestLimits) => Violation[]
}

function parseRequest<Schema extends z.ZodType>({
  schema,
  value,
  options: { mode = 'as-service', limits },
  toViolations,
}: RequestParser<Schema>): ParseResult<z.output<Schema>> {
  const result = schema.safeParse(value)
  if (!result.success) {
    const found = explainPayloadIssues(schema, value, result.error).map(({ problem }) => problem)
    return { ok: false, problems: found as [Problem, ...Problem[]] }
  }
  const violations = violationsIn(schema, value, mode)
  if (limits !== false) violations.push(...toViolations(result.data, toLimits(limits)))
  if (violations.length === 0) return { ok: true, request: result.data, diagnostics: [] }
  const refusedIn = (modes: Violation['refusedIn']): Problem[] =>
    violations.filter(violation => violation.refusedIn === modes).map(({ problem }) => problem)
  const problems = [...(mode === 'strict' ? refusedIn('strict') : []), ...refusedIn('every mode')]
  if (isNonEmpty(problems)) return { ok: false, problems }
  return { ok: true, request: result.data, diagnostics: violations.map(({ problem }) => problem) }
}

/**
 * Parses the body of SEND. Unknown fields stay, with a diagnostic; bare single elements become lists, older forms become today's.
 * Returns problems and never throws. Rules: EP-1, REQ-1 to REQ-8.
 *
 * @example
 * ```ts
 * import { parseSendRequest } from '@sendbox/schema'
 *
 * const event = { type: 'ChatStateEvent', chatState: 'COMPOSNG' }
 * const result = parseSendRequest({ id: 1, type: 'ms.PublishEvent', body: { dialogId: 'd', event } })
 * if (!result.ok) for (const { path, rule } of result.problems) console.log(path, rule) // /body/event/chatState PUB-7
 * ```
 */
export const parseSendRequest = (
  value: unknown,
  options: ParseOptions = {},
): ParseResult<SendRequest> =>
  parseRequest({ schema: SendRequestSchema, value, options, toViolations: checkRequestLimits })

/**
 * Lists the limits that a request exceeds, after parsing it with `limits: false`. AUTH-11 is why it is a step of its own.
 * Rules: PUB-2, PUB-4, PUB-5, URL-1.
 *
 * @example
 * ```ts
 * import { checkLimits } from '@sendbox/schema'
 * import { fixtures } from '@sendbox/schema/fixtures'
 *
 * const body = { fileSize: 4_000_000, fileType: 'PNG' }
 * const upload = fixtures.GenerateUrlForUploadFileRequest.smallest({ body })
 * console.log(checkLimits(upload)[0]?.expected) // at most 3145728 bytes
 * console.log(checkLimits(upload, { limits: { fileBytes: 5_000_000 } })) // []
 * ```
 */
export const checkLimits = (
  request: SendRequest | ConversationBatchItem,
  { mode = 'as-service', limits }: ParseOptions = {},
): Problem[] =>
  limits === false
    ? []
    : checkRequestLimits(request, toLimits(limits))
        .filter(({ refusedIn }) => refusedIn === 'every mode' || mode === 'strict')
        .map(({ problem }) => problem)

const checkBatchLimits = (batch: ConversationBatch, limits: RequestLimits): Violation[] =>
  batch.flatMap((item, index) => checkRequestLimits(item, limits, [index]))

const usualOrder: readonly ConversationBatchItem['type'][] = [
  'userprofile.SetUserProfile',
  'cm.ConsumerRequestConversation',
  'ms.PublishEvent',
]

/**
 * Parses the body of CONVERSATION, as {@link parseSendRequest} does that of SEND. Rules: EP-2, CON-2, CON-2a.
 *
 * @example
 * ```ts
 * import { parseConversationBatch } from '@sendbox/schema'
 * import { fixtures } from '@sendbox/schema/fixtures'
 *
 * const result = parseConversationBatch(fixtures.ConversationBatch.smallest())
 * console.log(result.ok && result.request.length) // 2
 * ```
 */
export function parseConversationBatch(
  value: unknown,
  options: ParseOptions = {},
): ParseResult<ConversationBatch> {
  const schema = ConversationBatchSchema
  const result = parseRequest({ schema, value, options, toViolations: checkBatchLimits })
  if (!result.ok) return result
  const misplaced = result.request.findIndex(({ type }, index) => type !== usualOrder[index])
  if (misplaced === -1) return result
  const diagnostic = createProblem({
    path: [misplaced, 'type'],
    expected: usualOrder[misplaced] ?? 'no further request',
    received: result.request[misplaced]?.type,
    rule: 'CON-2a',
  })
  return options.mode === 'strict'
    ? { ok: false, problems: [diagnostic] }
    : { ...result, diagnostics: [...result.diagnostics, diagnostic] }
}

/**
 * Parses the body of a webhook. Parts that the service may add at any time are diagnostics: unknown fields, values and types, and
 * optional parts that are null. Strict mode refuses them. Returns problems and never throws. Rule: WH-4.
 *
 * @example
 * ```ts
 * import { parseNotification } from '@sendbox/schema'
 *
 * const result = parseNotification(JSON.parse('{"type":"ms.MessagingEventNotification"}'))
 * if (!result.ok) console.log(result.problems[0].path) // /kind
 * ```
 */
export function parseNotification(
  value: unknown,
  { mode = 'as-service' }: Pick<ParseOptions, 'mode'> = {},
): ParseNotificationResult {
  const received = NotificationSchema.safeParse(value)
  const sent = SentNotificationSchema.safeParse(value)
  const explain = (schema: z.ZodType, error: z.ZodError): Problem[] =>
    explainPayloadIssues(schema, value, error).map(({ problem }) => problem)
  const deviations = sent.success ? [] : explain(SentNotificationSchema, sent.error)
  const problems = received.success
    ? mode === 'strict'
      ? deviations
      : []
    : explain(NotificationSchema, received.error)
  if (isNonEmpty(problems)) return { ok: false, problems }
  return { ok: true, notification: received.data as Notification, diagnostics: deviations }
}
