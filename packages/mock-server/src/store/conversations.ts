import type { Reply, Transition } from '../model/command.ts'
import type { ConversationState } from '../model/conversation-state.ts'
import type { Services } from '../services.ts'
import { type Soon, whenThere } from '../soon.ts'
import type { ConversationKey } from './state-store.ts'

/** What a step brought about in one conversation. */
export interface ConversationUpdate {
  readonly accountId: string
  readonly state: ConversationState
  readonly events: Transition['events']
}

/**
 * Is told of each step after it was kept, in the order of the steps of a conversation; it must not throw. The answer to the call waits
 * for a promise that it gives.
 */
export type UpdateListener = (notice: ConversationUpdate) => Promise<void> | undefined

/** Tells those who listen, and gives the reply, after whatever it is to wait for. */
function announce(
  step: Transition,
  accountId: string,
  listeners: Set<UpdateListener>,
): Soon<Reply> {
  const { state, events, reply } = step
  if (state === undefined || events.length === 0) return reply
  const notice = { accountId, state, events }
  const waiting: Promise<void>[] = []
  for (const listener of listeners) {
    const told = listener(notice)
    if (told) waiting.push(told)
  }
  return waiting.length === 0 ? reply : Promise.all(waiting).then(() => reply)
}

/** Runs a step alone on its conversation, keeps what came of it, and tells those who listen. */
export const transact = (
  key: ConversationKey,
  step: (state: ConversationState | undefined) => Transition,
  { store, updateListeners }: Services,
): Soon<Reply> =>
  whenThere(store.transact(key, step), taken => announce(taken, key.accountId, updateListeners))

/** Runs a step on a new conversation, alone for its consumer, keeps what came of it, and tells those who listen. Rule: CON-4. */
export const open = (
  key: ConversationKey & { readonly consumerId: string },
  step: (openConversationIds: readonly string[]) => Transition,
  { store, updateListeners }: Services,
): Soon<Reply> =>
  whenThere(store.open(key, step), taken => announce(taken, key.accountId, updateListeners))
