import { type WebhookEventType, webhookEventTypes } from '@sendbox/schema'
import { z } from 'zod'
import { flag, namesOf, rowsOf, toActionShape, toDelaySchema, toFaultSchemas } from './fault.ts'
import type { ActingFault, FaultKind, FaultRegistry } from './registry.ts'

/** The largest delay, in ms: the maximum retention. */
const maxDelayMs = 259_200_000

/** Criteria of a webhook fault; an omitted field matches any delivery. */
const WebhookFaultMatchSchema = z.strictObject({
  eventType: z.enum(webhookEventTypes).exactOptional(),
  conversationId: z.string().min(1).exactOptional(),
  /** Acts on this one of the matching deliveries only, or attempts, counted from 1 since the fault was added. */
  nth: z.int().min(1).exactOptional(),
})

/** The steps that actions on deliveries are made of; the dispatcher of an install implements them. */
export interface FaultedDelivery {
  /** Enqueues the first attempt; resolves after it. */
  enqueue(): Promise<void>
  /** Attempts it once more. */
  attempt(): Promise<unknown>
  /** Enqueues it after the drawn delay. */
  delay(): void
  /** Enqueues it after the next notification of the conversation. */
  holdBack(): void
  /** Ends the delivery unsent. */
  drop(): void
}

export type WebhookFaultRow = { readonly schema: z.ZodType } & (
  | {
      /** Decides when a delivery is first attempted, or that it never is; the call's response waits for a promise. */
      readonly on: 'delivery'
      readonly phase: 'before' | 'instead'
      apply(delivery: FaultedDelivery): Promise<void> | void
    }
  | {
      /** Follows the first attempt. */
      readonly on: 'delivery'
      readonly phase: 'after'
      apply(delivery: FaultedDelivery): Promise<unknown>
    }
  | {
      /** The outcome of an attempt; nothing is posted. */
      readonly on: 'attempt'
      readonly phase: 'instead'
      apply(action: { readonly status?: number }): number | 'timeout' | undefined
    }
)

/** All actions of webhook faults. The request schema follows from this table. */
export const webhookFaultActions = {
  /** Delays the first attempt by so many ms of the account's clock. */
  delayMs: {
    schema: toDelaySchema(maxDelayMs),
    on: 'delivery',
    phase: 'before',
    apply: delivery => delivery.delay(),
  },
  /** Posts the same notification a second time, right after the first attempt. */
  twice: { schema: flag, on: 'delivery', phase: 'after', apply: delivery => delivery.attempt() },
  /** Never posts it. */
  lose: { schema: flag, on: 'delivery', phase: 'instead', apply: delivery => delivery.drop() },
  /** Reorders: posts it after the next notification of the conversation. */
  holdBack: {
    schema: flag,
    on: 'delivery',
    phase: 'before',
    apply: delivery => delivery.holdBack(),
  },
  /** Posts it before the response to the call that caused it. */
  beforeAnswer: {
    schema: flag,
    on: 'delivery',
    phase: 'before',
    apply: delivery => delivery.enqueue(),
  },
  /** The endpoint's status in response to an attempt. */
  status: {
    schema: z.int().min(200).max(599),
    on: 'attempt',
    phase: 'instead',
    apply: action => action.status,
  },
  /** An attempt that timed out, without a wait. */
  timeout: { schema: flag, on: 'attempt', phase: 'instead', apply: () => 'timeout' },
} as const satisfies Readonly<Record<string, WebhookFaultRow>>

const actionShape = toActionShape(webhookFaultActions)

type ActionShape = z.output<z.ZodObject<typeof actionShape, z.core.$strict>>

const exclusive: readonly (readonly [keyof ActionShape, keyof ActionShape, string])[] = [
  ['status', 'timeout', 'as an attempt ends in one way'],
  ...(['delayMs', 'twice', 'holdBack', 'beforeAnswer', 'status', 'timeout'] as const).map(
    other => ['lose', other, 'which never posts'] as const,
  ),
  ['holdBack', 'delayMs', 'as it waits for the next notification'],
  ['beforeAnswer', 'delayMs', 'as the answer would wait for it'],
  ['beforeAnswer', 'holdBack', 'as the answer would wait for it'],
]

const refuseContradictions: z.core.CheckFn<ActionShape> = ({ value, issues }) => {
  for (const [name, other, reason] of exclusive)
    if (value[name] !== undefined && value[other] !== undefined) {
      const message = `nothing beside "${name}", ${reason}`
      issues.push({ code: 'custom', path: [other], input: value[other], message })
    }
  if (Object.keys(value).length > 0) return
  const message = `at least one of ${namesOf(webhookFaultActions).join(', ')}`
  issues.push({ code: 'custom', path: [], input: value, message })
}

const schemas = toFaultSchemas(
  WebhookFaultMatchSchema.prefault({}),
  z.strictObject(actionShape).check(refuseContradictions),
)

/**
 * A fault of webhooks. An action of `status` or `timeout` alone acts on attempts, retries included; any other on deliveries, and a `status`
 * or `timeout` beside it on their first attempt.
 */
export const WebhookFaultSchema = schemas.input
type WebhookFault = z.output<typeof WebhookFaultSchema>
/** A webhook fault as a user writes it. */
export type WebhookFaultInput = z.input<typeof WebhookFaultSchema>

/** A webhook fault as it is listed, with its counts. */
export const WebhookFaultViewSchema = schemas.view
export type WebhookFaultView = z.output<typeof WebhookFaultViewSchema>

/** The properties of a delivery, or of an attempt at one, that a webhook fault matches. */
export interface WebhookSubject {
  readonly on: 'delivery' | 'attempt'
  readonly eventType: WebhookEventType
  readonly conversationId: string
}

/** The faults of one account's webhooks. */
export type WebhookFaults = FaultRegistry<WebhookSubject, WebhookFault, WebhookFaultInput>
export type ActingWebhookFault = ActingFault<WebhookFault>

const subjectOf = (action: WebhookFault['action']): WebhookSubject['on'] =>
  rowsOf(webhookFaultActions, action).every(({ on }) => on === 'attempt') ? 'attempt' : 'delivery'

export const webhookFaults: FaultKind<WebhookSubject, WebhookFault, WebhookFaultInput> = {
  name: 'webhook fault',
  schema: WebhookFaultSchema,
  matches: ({ match, action }, { on, eventType, conversationId }) =>
    subjectOf(action) === on &&
    (match.eventType === undefined || match.eventType === eventType) &&
    (match.conversationId === undefined || match.conversationId === conversationId),
}
