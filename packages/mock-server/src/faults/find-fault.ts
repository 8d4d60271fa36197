import type { Call } from '../http/call.ts'
import type { Service } from '../service.ts'
import type { ActingFault, FaultSubject } from './account-faults.ts'
import { findMagicFault } from './magic-value.ts'

/** Claims that a fault may act on a call; it costs one look-up where there are none. */
export const mayHaveFault = ({ accountId }: Call, { faults, settings }: Service): boolean =>
  settings.magicValues || faults.find(accountId) !== undefined

/** A survey's dialog stands for its conversation. Rule: LIF-4. */
async function toFaultSubject(call: Call, { store }: Service): Promise<FaultSubject> {
  const { operationId, accountId, subject } = call
  const { conversationId: named } = subject
  const found = named && (await store.findConversationId(accountId, named))
  return { ...subject, operationId, ...(found && { conversationId: found }) }
}

/** Finds the fault that acts on a call; one that was added goes before a magic value. */
export async function findFault(call: Call, service: Service): Promise<ActingFault | undefined> {
  const faults = service.faults.find(call.accountId)
  const acting = faults?.take(await toFaultSubject(call, service))
  if (acting || !service.settings.magicValues) return acting
  return findMagicFault(call, service)
}
