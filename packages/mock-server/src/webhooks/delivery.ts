import { boundedArray, webhookEventTypes } from '@sendbox/schema'
import { z } from 'zod'

/** The outcome of an attempt: the endpoint's HTTP status, or why there is none. */
const AttemptOutcomeSchema = z.union([
  z.int(),
  z.enum(['timeout', 'refused', 'reset', 'unreachable']),
])
export type AttemptOutcome = z.output<typeof AttemptOutcomeSchema>

/** One attempt at a delivery. */
const AttemptSchema = z.object({
  /** 1 for the first. */
  attempt: z.int().min(1),
  /** Its start by the account's clock, in ms since the epoch. */
  at: z.number(),
  outcome: AttemptOutcomeSchema,
  /** In ms of wall time. */
  durationMs: z.number().min(0),
  /** The webhook fault that simulated the outcome; nothing was sent. */
  faultId: z.string().exactOptional(),
})
export type Attempt = z.output<typeof AttemptSchema>

/**
 * The state of a delivery: `pending` is queued, in flight or waits for a retry, `stored` waits for the endpoints to succeed again (WH-11);
 * `delivered` was accepted, `failed` is out of retries, `dropped` was given up unsent or after its retention time.
 */
export const DeliveryStateSchema = z.enum(['pending', 'stored', 'delivered', 'failed', 'dropped'])
export type DeliveryState = z.output<typeof DeliveryStateSchema>

/** One notification for one app install, with every attempt to deliver it; it shows no secret. */
export const DeliverySchema = z.object({
  deliveryId: z.string(),
  /** Its creation by the account's clock, in ms since the epoch. */
  createdAt: z.number(),
  conversationId: z.string(),
  eventType: z.enum(webhookEventTypes),
  clientId: z.string(),
  /** The URL of the last attempt, or of the next one. */
  endpoint: z.string(),
  state: DeliveryStateSchema,
  attempts: boundedArray(AttemptSchema).readonly(),
  /** When the next attempt is due by the account's clock, in ms since the epoch; absent where none waits for a time. */
  nextAttemptAt: z.number().exactOptional(),
  /** The webhook fault that acted on it. */
  faultId: z.string().exactOptional(),
  /** The JSON that is sent. */
  body: z.string(),
})
export type Delivery = z.output<typeof DeliverySchema>

/** Whether an endpoint accepted a notification. Rule: WH-9. */
export const isSuccess = (outcome: AttemptOutcome): boolean => outcome === 200 || outcome === 201
