import { evidenceLevels } from '@sendbox/schema'
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

/** An event with what a filter compares besides its data. */
export interface MockEvent<Kind extends EventKind = EventKind> {
  readonly kind: Kind
  readonly data: DataByKind[Kind]
  /** The ids under which the consumer of the event is known. */
  readonly consumers?: readonly string[]
  /** Whether it is something that a tester should look at. */
  readonly isProblem?: boolean
}

const sequenceIn = /"sequence":(\d+)/

function toSequence({ operation, answerJson }: JournalRecord): { sequence?: number } {
  const digits = operation === 'send' ? sequenceIn.exec(answerJson ?? '')?.[1] : undefined
  return digits === undefined ? {} : { sequence: Number(digits) }
}

/** The event of a call. */
export function toCallEvent(
  { accountId, record }: CallUpdate,
  secrets: readonly string[],
): MockEvent {
  const { extConsumerId, consumerId, conversationId, status, problems, diagnostics } = record
  const [path = ''] = record.url.split('?', 1)
  const consumer = extConsumerId ?? consumerId
  const rule = problems[0]?.rule ?? diagnostics[0]?.rule
  const rules = rulesOfService(record.rules)
  const data: DataByKind['call'] = {
    accountId,
    at: record.time,
    requestId: record.id,
    operation: record.operation ?? null,
    method: record.method,
    path: record.operation === undefined ? redactPath(path, secrets) : path,
    ...(status !== undefined && { status }),
    ...(consumer !== undefined && { consumer }),
    ...(conversationId !== undefined && { conversationId }),
    ...toSequence(record),
    ...(record.hint !== undefined && { problem: record.hint }),
    ...(rule !== undefined && { rule }),
    ...(rules.length > 0 && { evidence: weakestEvidence(rules) }),
    ...(record.faultId !== undefined && { faultId: record.faultId }),
    ...(record.durationMs !== undefined && { durationMs: record.durationMs }),
  }
  const consumers = [extConsumerId, consumerId].filter(id => id !== undefined)
  const isProblem = (status ?? 500) >= 400 || diagnostics.length > 0
  return { kind: 'call', data, consumers, isProblem }
}

/** The events of a conversation's steps. */
export function toConversationEvents(
  { accountId, state, events }: ConversationUpdate,
  at: number,
): MockEvent[] {
  const { conversationId, consumerId } = state
  return events.map(event => {
    const change =
      event.type === 'counted'
        ? { change: event.entry.event.type, sequence: event.entry.sequence }
        : { change: event.type === 'chatStateChanged' ? 'ChatStateEvent' : event.type }
    const dialog = 'dialogId' in event ? { dialogId: event.dialogId } : {}
    const data = { accountId, at, conversationId, ...dialog, ...change }
    return { kind: 'conversation', data, consumers: [consumerId] }
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
  return { kind: 'delivery', data, isProblem }
}
