import { z } from 'zod'
import { toLpConsumerId } from '../tokens/token-service.ts'
import { LifecycleSchema } from './conversation-schemas.ts'
import type { ConversationRecord } from './state-store.ts'

/** The query parameters of the list of conversations; an omitted filter matches any. */
export const ConversationQuerySchema = z.strictObject({
  /** The `ext_consumer_id` or the `lp_consumer_id`. */
  consumer: z.string().exactOptional(),
  /** The main dialog's. Rule: LIF-1. */
  state: LifecycleSchema.exactOptional(),
  /** The id of the skill. */
  skill: z.string().exactOptional(),
  /** Only those opened at this time or after it, in ms since the epoch. */
  since: z.coerce.number().min(0).exactOptional(),
  /** Only conversations opened before the one with this id. */
  before: z.string().exactOptional(),
  /** The maximum number of conversations, the newest ones. */
  limit: z.coerce.number().int().min(1).exactOptional(),
})
export type ConversationQuery = z.output<typeof ConversationQuerySchema>

/** The records of an account that match, newest first; `undefined` if it has no conversation `before`. `records` are oldest first. */
export function selectConversations(
  records: readonly ConversationRecord[],
  accountId: string,
  { consumer, state, skill, since = 0, before, limit }: ConversationQuery,
): ConversationRecord[] | undefined {
  const end =
    before === undefined
      ? records.length
      : records.findIndex(record => record.state.conversationId === before)
  if (end === -1) return undefined
  const consumerIds = consumer === undefined ? [] : [consumer, toLpConsumerId(accountId, consumer)]
  const matches = ({ state: { consumerId, skillId, startTs, dialogs } }: ConversationRecord) =>
    (consumer === undefined || consumerIds.includes(consumerId)) &&
    (state === undefined || dialogs[0]?.state === state) &&
    (skill === undefined || skillId === skill) &&
    startTs >= since
  const found: ConversationRecord[] = []
  for (const record of records.slice(0, end).toReversed()) {
    if (found.length === limit) break
    if (matches(record)) found.push(record)
  }
  return found
}
