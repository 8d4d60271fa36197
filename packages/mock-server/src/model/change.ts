import type { ModelEvent } from './command.ts'
import type { ConversationState } from './conversation-state.ts'

/** Sets the time of a change, and adds its event; no effect if the fields are unchanged. Rule: WH-7. */
export function toChange(
  before: ConversationState,
  after: ConversationState,
  now: number,
): { readonly state: ConversationState; readonly events: readonly ModelEvent[] } {
  if (after === before) return { state: after, events: [] }
  const state = { ...after, metaDataLastUpdateTs: now }
  return { state, events: [{ type: 'conversationChanged', state }] }
}
