import type { Step } from './model/command.ts'
import type { ConversationState } from './model/conversation-state.ts'
import type { Service } from './service.ts'
import type { ConversationKey } from './state-store.ts'

/** What a step brought about in one conversation. */
export interface StepNotice {
  readonly accountId: string
  readonly state: ConversationState
  readonly events: Step['events']
}

/**
 * Is told of each step after it was kept, in the order of the steps of a conversation; it must not throw. The answer to the call waits
 * for a promise that it gives.
 */
export type StepListener = (notice: StepNotice) => Promise<void> | undefined

async function announce(accountId: string, step: Step, { stepListeners }: Service): Promise<Step> {
  const { state, events } = step
  if (state === undefined || events.length === 0) return step
  const notice = { accountId, state, events }
  const waiting: Promise<void>[] = []
  for (const listener of stepListeners) {
    const told = listener(notice)
    if (told) waiting.push(told)
  }
  if (waiting.length > 0) await Promise.all(waiting)
  return step
}

/** Runs a step alone on its conversation, keeps what came of it, and tells those who listen. */
export const transact = async (
  key: ConversationKey,
  step: (state: ConversationState | undefined) => Step,
  service: Service,
): Promise<Step> => announce(key.accountId, await service.store.transact(key, step), service)

/** Runs a step on a new conversation, alone for its consumer, keeps what came of it, and tells those who listen. Rule: CON-4. */
export const open = async (
  key: ConversationKey & { readonly consumerId: string },
  step: (openConversationIds: readonly string[]) => Step,
  service: Service,
): Promise<Step> => announce(key.accountId, await service.store.open(key, step), service)
