import { z } from 'zod'
import { Fifo } from '../fifo.ts'
import { DeliverySchema } from './delivery.ts'
import {
  type HeldEvent,
  HeldEventSchema,
  installPhases,
  type RetryState,
} from './retry-schedule.ts'

/** The retry state of one install, with its stored and delayed events. Rule: WH-11. */
const InstallSnapshotSchema = z.strictObject({
  clientId: z.string(),
  phase: z.enum(installPhases),
  failures: z.int().min(0),
  retryAt: z.number().exactOptional(),
  failing: z.array(z.string()),
  lastOfOutage: z.int(),
  retentionMs: z.int().min(0),
  events: z.array(
    z.strictObject({
      event: HeldEventSchema,
      /** When it is sent, in ms since the epoch; absent for a stored event. */
      dueAt: z.number().exactOptional(),
      delivery: DeliverySchema.extend({ attempts: DeliverySchema.shape.attempts.unwrap() }),
    }),
  ),
})
export type InstallSnapshot = z.output<typeof InstallSnapshotSchema>

/** All stored and delayed events; one that is being sent comes first. */
export const toHeldEvents = ({
  sending,
  stored,
  delayed,
}: RetryState): { readonly event: HeldEvent; readonly dueAt?: number }[] => [
  ...(sending ? [{ event: sending }] : []),
  ...stored.toArray().map(event => ({ event })),
  ...delayed,
]

/** The retry state of a snapshot; no event is being sent. */
export function toRetryState(snapshot: InstallSnapshot): RetryState {
  const { phase, failures, retryAt, failing, lastOfOutage, events } = snapshot
  const stored = events.filter(({ dueAt }) => dueAt === undefined).map(({ event }) => event)
  const delayed = events.flatMap(({ event, dueAt }) =>
    dueAt === undefined ? [] : [{ event, dueAt }],
  )
  return { phase, failures, retryAt, failing, lastOfOutage, stored: new Fifo(stored), delayed }
}

/** The state of an account's webhooks as JSON. Rule: WH-11. */
export const WebhooksSnapshotSchema = z.strictObject({
  /** The number in the id of the last delivery. */
  lastNumber: z.int().min(0),
  installs: z.array(InstallSnapshotSchema),
})
export type WebhooksSnapshot = z.output<typeof WebhooksSnapshotSchema>
