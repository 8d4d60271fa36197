import { z } from 'zod'
import { toLpConsumerId } from '../tokens/token-service.ts'
import { type EventFacts, type EventKind, eventKinds } from './event.ts'

const isKind = (text: string): boolean => (eventKinds as readonly string[]).includes(text)

const listOfKinds = z
  .string()
  .refine(
    text => text.split(',').every(isKind),
    `${eventKinds.join(', ')}, or several of them with commas between`,
  )

/** Which events of a stream are sent; an omitted field is all of them. `clock`, `settings` and `reset` always are. */
export const EventQuerySchema = z.strictObject({
  /** One kind, or several, separated by commas. */
  kind: listOfKinds.exactOptional(),
  conversationId: z.string().exactOptional(),
  /** The `lp_consumer_id` or the `ext_consumer_id`. */
  consumer: z.string().exactOptional(),
  /** The HTTP status of a call's response, or of a delivery's last attempt. */
  status: z.coerce.number().int().min(100).max(599).exactOptional(),
  /** `true`: calls that are refused or have diagnostics, and deliveries that failed. */
  problems: z.enum(['true', 'false']).exactOptional(),
})
export type EventQuery = z.output<typeof EventQuerySchema>

const always: readonly EventKind[] = ['clock', 'settings', 'reset']

/** Whether a reader wants an event. */
export type EventFilter = (event: EventFacts) => boolean

/** Creates the test of a query; `undefined` for one that all events pass. */
export function toEventFilter({
  kind,
  conversationId,
  consumer,
  status,
  problems,
}: EventQuery): EventFilter | undefined {
  const tests: EventFilter[] = []
  const kinds = kind?.split(',')
  if (kinds) tests.push(event => kinds.includes(event.kind))
  if (conversationId !== undefined) tests.push(event => event.conversationId === conversationId)
  if (consumer !== undefined)
    tests.push(
      event =>
        event.extConsumerId === consumer ||
        event.consumerId === consumer ||
        event.consumerId === toLpConsumerId(event.accountId ?? '', consumer),
    )
  if (status !== undefined) tests.push(event => event.status === status)
  if (problems === 'true') tests.push(({ isProblem = false }) => isProblem)
  if (tests.length === 0) return undefined
  return event => always.includes(event.kind) || tests.every(test => test(event))
}
