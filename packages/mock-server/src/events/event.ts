import { type Evidence, evidenceLevels, type RuleId } from '@sendbox/schema'
import { z } from 'zod'
import type { Clocks } from '../accounts/clocks.ts'
import { OperationIdSchema } from '../journal/entry.ts'
import type { CallUpdate } from '../journal/journal.ts'
import type { JournalRecord } from '../journal/record.ts'
import { rulesOfService, weakestEvidence } from '../model/evidence.ts'
import { redactPath } from '../redact/request.ts'
import type { ConversationUpdate, PublishedDelivery } from '../updates.ts'

/** The kinds of events that happen in a mock. */
export const eventKinds = [
  'call',
  'conversation',
  'delivery',
  'fault',
  'clock',
  'settings',
  'reset',
] as const
export type EventKind = (typeof eventKinds)[number]

/** The account, `null` for all or none of them, and the time by its clock, in ms since the epoch. */
const origin = { accountId: z.string().nullable(), at: z.number() }

/** A call, or a request that is none of an operation. Its body, its query and its tokens are in no event. */
export const CallEventSchema = z.object({
  ...origin,
  /** Its id in the journal. */
  requestId: z.int(),
  operation: OperationIdSchema.nullable(),
  method: z.string(),
  path: z.string(),
  /** Absent if a fault ended the call without a response. */
  status: z.int().exactOptional(),
  /** The `ext_consumer_id`, or the `lp_consumer_id` where only that is known. */
  consumer: z.string().exactOptional(),
  conversationId: z.string().exactOptional(),
  /** The number of a counted event. Rule: SEQ-1. */
  sequence: z.int().exactOptional(),
  /** Why it is refused, in one sentence. Rule: RES-9a. */
  problem: z.string().exactOptional(),
  /** The rule of its first problem or diagnostic. */
  rule: z.string().exactOptional(),
  /** The weakest evidence of the rules that decided it. Rule: RES-9. */
  evidence: z.enum(evidenceLevels).exactOptional(),
  faultId: z.string().exactOptional(),
  durationMs: z.number().exactOptional(),
})

/** A step of a conversation; `change` is the type of an event in a dialog, or `conversationChanged`. */
export const ConversationEventSchema = z.object({
  ...origin,
  conversationId: z.string(),
  dialogId: z.string().exactOptional(),
  change: z.string(),
  /** The number of a counted event. Rule: SEQ-1. */
  sequence: z.int().exactOptional(),
})

/** A webhook delivery that was created, attempted, or changed its state. */
export const DeliveryEventSchema = z.object({
  ...origin,
  deliveryId: z.string(),
  conversationId: z.string(),
  /** The number of attempts so far. */
  attempt: z.int(),
  /** The HTTP status of the last attempt, or why it had none. */
  status: z.union([z.int(), z.string()]).exactOptional(),
  /** By the account's clock, in ms since the epoch. */
  nextAttemptAt: z.number().exactOptional(),
})

/** A fault has acted. */
export const FaultEventSchema = z.object({ ...origin, faultId: z.string() })

/** An account's clock was frozen, advanced or resumed. */
export const ClockEventSchema = z.object({ ...origin, now: z.number(), frozen: z.boolean() })

/** The settings of an account have changed, or an account was reset or restored; `null` is all accounts. */
export const AccountEventSchema = z.object(origin)

/** The events after one, `null` for all, are no longer known up to the first one that follows. */
export const GapEventSchema = z.object({ after: z.string().nullable(), first: z.string() })

/** The reader was too slow, and the stream ends; `after` is the last event that it was sent. */
export const DroppedEventSchema = z.object({ after: z.string() })

/** The data of each kind of event. */
export interface DataByKind {
  readonly call: z.output<typeof CallEventSchema>
  readonly conversation: z.output<typeof ConversationEventSchema>
  readonly delivery: z.output<typeof DeliveryEventSchema>
  readonly fault: z.output<typeof FaultEventSchema>
  readonly clock: z.output<typeof ClockEventSchema>
  readonly settings: z.output<typeof AccountEventSchema>
  readonly reset: z.output<typeof AccountEventSchema>
}

/** The properties of an event that filters compare. */
export interface EventFacts {
  readonly kind: EventKind
  /** `null` for the mock as a whole. */
  readonly accountId: string | null
  readonly conversationId?: string | undefined
  /** The HTTP status of a call's response, or the outcome of a delivery's last attempt. */
  readonly status?: number | string | undefined
  /** The `ext_consumer_id` and the `lp_consumer_id` of its consumer, as far as they are known. */
  readonly extConsumerId?: string | undefined
  readonly consumerId?: string | undefined
  /** Whether it is something that a tester should look at. */
  readonly isProblem?: boolean
}

/** An event, and its data. */
export interface MockEvent {
  readonly facts: EventFacts
  readonly data: DataByKind[EventKind]
}

const sequenceKey = '"sequence":'

/** The number that a SEND took, from the JSON of its response. */
function sequenceOf({ operation, answerJson }: JournalRecord): number | undefined {
  const place = operation === 'send' ? (answerJson?.indexOf(sequenceKey) ?? -1) : -1
  return place === -1 ? undefined : Number.parseInt(answerJson?.slice(place + 11) ?? '', 10)
}

/** Calls have a few lists of rules, each as one array; the evidence of a list is looked up once. */
const evidenceOfRules = new WeakMap<readonly RuleId[], Evidence | 'none'>()

function evidenceOf(list: readonly RuleId[]): Evidence | undefined {
  let evidence = evidenceOfRules.get(list)
  if (evidence === undefined) {
    const rules = rulesOfService(list)
    evidence = rules.length > 0 ? weakestEvidence(rules) : 'none'
    evidenceOfRules.set(list, evidence)
  }
  return evidence === 'none' ? undefined : evidence
}

function pathOf(
  { url, operation }: JournalRecord,
  secretsOf: (accountId: string | null) => readonly string[],
  accountId: string | null,
): string {
  const end = url.indexOf('?')
  const path = end === -1 ? url : url.slice(0, end)
  return operation === undefined ? redactPath(path, secretsOf(accountId)) : path
}

/** The event of a call. Fields without a value are `undefined`, which JSON leaves out: one shape of object for all calls is serialised faster. */
export function toCallEvent(
  { accountId, record }: CallUpdate,
  secretsOf: (accountId: string | null) => readonly string[],
): { readonly facts: EventFacts; readonly data: DataByKind['call'] } {
  const { extConsumerId, consumerId, conversationId, status, problems, diagnostics } = record
  const data = {
    accountId,
    at: record.time,
    requestId: record.id,
    operation: record.operation ?? null,
    method: record.method,
    path: pathOf(record, secretsOf, accountId),
    status,
    consumer: extConsumerId ?? consumerId,
    conversationId,
    sequence: sequenceOf(record),
    problem: record.hint,
    rule: (problems[0] ?? diagnostics[0])?.rule,
    evidence: evidenceOf(record.rules),
    faultId: record.faultId,
    durationMs: record.durationMs,
  } as DataByKind['call']
  const isProblem = (status ?? 500) >= 400 || diagnostics.length > 0
  const facts = {
    kind: 'call',
    accountId,
    conversationId,
    status,
    extConsumerId,
    consumerId,
    isProblem,
  } as const
  return { facts, data }
}

/** The events of a conversation's steps. */
export function toConversationEvents(
  { accountId, state, events }: ConversationUpdate,
  at: number,
): MockEvent[] {
  const { conversationId, consumerId } = state
  const facts = { kind: 'conversation', accountId, conversationId, consumerId } as const
  return events.map(event => {
    const isCounted = event.type === 'counted'
    const data = {
      accountId,
      at,
      conversationId,
      dialogId: 'dialogId' in event ? event.dialogId : undefined,
      change: isCounted
        ? event.entry.event.type
        : event.type === 'chatStateChanged'
          ? 'ChatStateEvent'
          : event.type,
      sequence: isCounted ? event.entry.sequence : undefined,
    } as DataByKind['conversation']
    return { facts, data }
  })
}

/** The event of a delivery. */
export function toDeliveryEvent(
  accountId: string,
  { deliveryId, conversationId, attempts, nextAttemptAt }: PublishedDelivery,
  clocks: Clocks,
): MockEvent {
  const outcome = attempts.at(-1)?.outcome
  const data = {
    accountId,
    at: clocks.now(accountId),
    deliveryId,
    conversationId,
    attempt: attempts.length,
    ...(outcome !== undefined && { status: outcome }),
    ...(nextAttemptAt !== undefined && { nextAttemptAt }),
  }
  const isProblem = outcome !== undefined && outcome !== 200 && outcome !== 201
  const facts = { kind: 'delivery', accountId, conversationId, status: outcome, isProblem } as const
  return { facts, data }
}
