import type { ModelEvent } from './command.ts'
import type { ConversationState } from './conversation-state.ts'

/** Notes when the fields of a conversation changed, and that they did; nothing where they are as before. Rule: WH-7. */
export function toChange(
  before: ConversationState,
  after: ConversationState,
  now: number,
): { readonly state: ConversationState; readonly events: readonly ModelEvent[] } {
  if (after === before) return { state: after, events: [] }
  const state = { ...after, metaDataLastUpdateTs: now }
  return { state, events: [{ type: 'conversationChanged', state }] }
}
