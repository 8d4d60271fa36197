import { webhookEventTypes } from '@sendbox/schema'
import { z } from 'zod'

/** What came back from an endpoint: its HTTP status, or why there is none. */
const AttemptOutcomeSchema = z.union([
  z.int(),
  z.enum(['timeout', 'refused', 'reset', 'unreachable']),
])
export type AttemptOutcome = z.output<typeof AttemptOutcomeSchema>

/** One try at a delivery. */
const AttemptSchema = z.object({
  /** 1 for the first. */
  attempt: z.int().min(1),
  /** When it began, by the account's clock, in ms since the epoch. */
  at: z.number(),
  outcome: AttemptOutcomeSchema,
  /** In ms of wall time. */
  durationMs: z.number().min(0),
  /** The webhook fault that gave the outcome; nothing was sent then. */
  faultId: z.string().exactOptional(),
})
export type Attempt = z.output<typeof AttemptSchema>

/**
 * How a delivery is doing: `pending` waits for its turn, an answer or a repeat, `stored` for the endpoints to answer again (WH-11);
 * `delivered` was taken, `failed` was refused to the last, `dropped` was given up unsent or past its time.
 */
export const DeliveryStateSchema = z.enum(['pending', 'stored', 'delivered', 'failed', 'dropped'])
export type DeliveryState = z.output<typeof DeliveryStateSchema>

/** One notification for one app install, with every attempt to deliver it; it shows no secret. */
export const DeliverySchema = z.object({
  deliveryId: z.string(),
  /** When it came to be, by the account's clock, in ms since the epoch. */
  createdAt: z.number(),
  conversationId: z.string(),
  eventType: z.enum(webhookEventTypes),
  clientId: z.string(),
  /** Where it went last, or is to go. */
  endpoint: z.string(),
  state: DeliveryStateSchema,
  attempts: z.array(AttemptSchema).readonly(),
  /** The webhook fault that acted on it. */
  faultId: z.string().exactOptional(),
  /** The bytes that are sent, as text. */
  body: z.string(),
})
export type Delivery = z.output<typeof DeliverySchema>

/** Claims that an endpoint took a notification. Rule: WH-9. */
export const isSuccess = (outcome: AttemptOutcome): boolean => outcome === 200 || outcome === 201
