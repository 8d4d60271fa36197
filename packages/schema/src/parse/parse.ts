import type { z } from 'zod'
import { type Notification, NotificationSchema } from '../notifications/notification.ts'
import {
  type ConversationBatch,
  type ConversationBatchItem,
  ConversationBatchSchema,
} from '../requests/open-conversation.ts'
import { type SendRequest, SendRequestSchema } from '../requests/send-request.ts'
import type { Evidence } from '../rules/rule.ts'
import { mostNamed } from './explain-mismatch.ts'
import { defaultLimits, type LimitFinding, limitFindingsIn, type RequestLimits } from './limits.ts'
import { nearestWord } from './nearest-word.ts'
import { createProblem, type Diagnostic, type Problem, toFoundProblems } from './problem.ts'
import { type Finding, findingsIn } from './schema-walk.ts'
import { hasFindings } from './warnings.ts'

/** `strict` takes what is documented or recorded; `as-service` also what is tolerated or assumed, with a note. */
export type ParseMode = 'strict' | 'as-service'

/** How a payload is read. */
export interface ParseOptions {
  /** @default 'as-service' */
  readonly mode?: ParseMode
  /**
   * Limits that differ from the public material's; `false` leaves them to a later {@link checkLimits}.
   * @default defaultLimits
   */
  readonly limits?: Partial<RequestLimits> | false
}

/** What is wrong with a payload: all of it, up to 100 problems. */
export interface ParseFailure {
  readonly ok: false
  readonly problems: readonly [Problem, ...Problem[]]
}

/** What a parser of requests found: the request with remarks, or all that is wrong with it. */
export type ParseResult<Request> =
  | { readonly ok: true; readonly request: Request; readonly diagnostics: readonly Diagnostic[] }
  | ParseFailure

/** What {@link parseNotification} found. */
export type ParseNotificationResult =
  | {
      readonly ok: true
      readonly notification: Notification
      readonly diagnostics: readonly Diagnostic[]
    }
  | ParseFailure

const isNonEmpty = <Element>(list: Element[]): list is [Element, ...Element[]] => list.length > 0

const certain: readonly Evidence[] = ['documented', 'recorded']

/** A remark, and whether strict mode makes a problem of it. */
interface Remark {
  readonly problem: Diagnostic
  readonly refusedInStrict: boolean
}

function hintFor({ path, knownFields = [], bodyFields = [] }: Finding): string | undefined {
  const name = String(path.at(-1))
  const meant = nearestWord(name, knownFields)
  if (meant !== undefined) return `did you mean "${meant}"?`
  return bodyFields.includes(name) ? `"${name}" belongs inside "body"` : undefined
}

function toRemark(finding: Finding): Remark {
  const { path, value, entry } = finding
  const problem = createProblem({
    path,
    expected: entry?.note ?? 'no such field',
    received: value,
    rule: entry?.rule ?? 'REQ-4',
    hint: entry ? undefined : hintFor(finding),
  })
  const refusedInStrict = entry?.refusedInStrict ?? !certain.includes(problem.evidence)
  return { problem, refusedInStrict }
}

const toLimitRemark = ({ problem }: LimitFinding): Remark => ({
  problem,
  refusedInStrict: !certain.includes(problem.evidence),
})

/** The first remarks on a valid value; in strict mode those that it refuses, where there are any. */
function remarksIn(schema: z.ZodType, value: unknown, mode: ParseMode): Remark[] {
  const remarks: Remark[] = []
  if (!hasFindings(schema, value)) return remarks
  const refused: Remark[] = []
  for (const finding of findingsIn(schema, value)) {
    const isEnough = remarks.length === mostNamed
    if (isEnough && mode !== 'strict') break
    const remark = toRemark(finding)
    if (!isEnough) remarks.push(remark)
    if (remark.refusedInStrict) refused.push(remark)
    if (refused.length === mostNamed) break
  }
  return mode === 'strict' && refused.length > 0 ? refused : remarks
}

/** All limits: field by field, as a spread costs more than the rest of a small request. */
const toLimits = (limits: Partial<RequestLimits> = {}): RequestLimits => ({
  fileBytes: limits.fileBytes ?? defaultLimits.fileBytes,
  previewCharacters: limits.previewCharacters ?? defaultLimits.previewCharacters,
  textLength: limits.textLength === undefined ? defaultLimits.textLength : limits.textLength,
  fileTypes: limits.fileTypes ?? defaultLimits.fileTypes,
})

interface ReadRequest<Schema extends z.ZodType> {
  readonly schema: Schema
  readonly value: unknown
  readonly options: ParseOptions
  readonly findInLimits: (request: z.output<Schema>, limits: RequestLimits) => LimitFinding[]
}

function parseRequest<Schema extends z.ZodType>({
  schema,
  value,
  options: { mode = 'as-service', limits },
  findInLimits,
}: ReadRequest<Schema>): ParseResult<z.output<Schema>> {
  const result = schema.safeParse(value)
  if (!result.success) {
    const found = toFoundProblems(schema, value, result.error).map(({ problem }) => problem)
    return { ok: false, problems: found as [Problem, ...Problem[]] }
  }
  const inLimits = limits === false ? [] : findInLimits(result.data, toLimits(limits))
  const found = remarksIn(schema, value, mode)
  if (found.length + inLimits.length === 0)
    return { ok: true, request: result.data, diagnostics: [] }
  const remarks = [...found, ...inLimits.filter(({ isNote }) => isNote).map(toLimitRemark)]
  const problems = [
    ...remarks.filter(({ refusedInStrict }) => mode === 'strict' && refusedInStrict),
    ...inLimits.filter(({ isNote }) => !isNote),
  ].map(({ problem }) => problem)
  if (isNonEmpty(problems)) return { ok: false, problems }
  return { ok: true, request: result.data, diagnostics: remarks.map(({ problem }) => problem) }
}

/**
 * Reads the body of SEND: unknown fields are kept and noted, bare single elements become lists, older forms are read as today's.
 * Bad input is a result, never an exception. Rules: EP-1, REQ-1 to REQ-8.
 */
export const parseSendRequest = (
  value: unknown,
  options: ParseOptions = {},
): ParseResult<SendRequest> =>
  parseRequest({ schema: SendRequestSchema, value, options, findInLimits: limitFindingsIn })

/**
 * Says where a request that was read with `limits: false` exceeds the limits.
 * Rules: PUB-2, PUB-4, PUB-5, URL-1, and AUTH-11 for why it is a step of its own.
 */
export const checkLimits = (
  request: SendRequest | ConversationBatchItem,
  { mode = 'as-service', limits }: ParseOptions = {},
): Problem[] =>
  limits === false
    ? []
    : limitFindingsIn(request, toLimits(limits))
        .filter(({ isNote }) => !isNote || mode === 'strict')
        .map(({ problem }) => problem)

const batchLimitFindings = (batch: ConversationBatch, limits: RequestLimits): LimitFinding[] =>
  batch.flatMap((item, index) => limitFindingsIn(item, limits, [index]))

const usualOrder: readonly ConversationBatchItem['type'][] = [
  'userprofile.SetUserProfile',
  'cm.ConsumerRequestConversation',
  'ms.PublishEvent',
]

/** Reads the body of CONVERSATION, as {@link parseSendRequest} does that of SEND. Rules: EP-2, CON-2, CON-2a. */
export function parseConversationBatch(
  value: unknown,
  options: ParseOptions = {},
): ParseResult<ConversationBatch> {
  const schema = ConversationBatchSchema
  const result = parseRequest({ schema, value, options, findInLimits: batchLimitFindings })
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
 * Reads the body of a webhook; fields that the schema does not know are noted, as the service may add some at any time.
 * Bad input is a result, never an exception. Rule: WH-4.
 */
export function parseNotification(
  value: unknown,
  { mode = 'as-service' }: Pick<ParseOptions, 'mode'> = {},
): ParseNotificationResult {
  const result = NotificationSchema.safeParse(value)
  if (result.success) return { ok: true, notification: result.data, diagnostics: [] }
  const found = toFoundProblems(NotificationSchema, value, result.error)
  const isUnknownField = ({ issue }: (typeof found)[number]) => issue.code === 'unrecognized_keys'
  const problems = found
    .filter(entry => mode === 'strict' || !isUnknownField(entry))
    .map(({ problem }) => problem)
  if (isNonEmpty(problems)) return { ok: false, problems }
  const diagnostics = found.map(({ problem }) => problem)
  return { ok: true, notification: value as Notification, diagnostics }
}
