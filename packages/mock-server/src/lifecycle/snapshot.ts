import { partNames } from '../accounts/account-part.ts'
import type { Services } from '../services.ts'
import { type AccountSnapshot, snapshotVersion } from './snapshot-schema.ts'

/** Takes a snapshot of an account. */
export async function snapshotAccount(
  services: Services,
  accountId: string,
): Promise<AccountSnapshot> {
  const fields: Partial<AccountSnapshot>[] = []
  for (const name of partNames) {
    const part = services[name]
    if ('snapshot' in part) fields.push(await part.snapshot(accountId))
  }
  const head = { format: 'sendbox-snapshot', version: snapshotVersion, accountId }
  return Object.assign(head, ...fields) as AccountSnapshot
}

/** The parts that a failed commit does not roll back. */
const keptParts = ['clocks', 'bots', 'random', 'webhooks'] as const

/**
 * Replaces an account's state by a snapshot, all of it or nothing; the parts that no snapshot has stay, rate limit excepted. With a data folder
 * it is one commit, so all parts are restored before anything is awaited.
 */
export async function restoreAccount(services: Services, snapshot: AccountSnapshot): Promise<void> {
  const { accountId } = snapshot
  const before = Object.assign({}, ...keptParts.map(name => services[name].snapshot(accountId)))
  let settle = () => {}
  const committed = new Promise<void>(resolve => {
    settle = resolve
  })
  const restored = partNames.map(name => {
    const part = services[name]
    return 'restore' in part ? part.restore(accountId, snapshot, committed) : undefined
  })
  try {
    await Promise.all([...restored, services.flush?.(accountId)])
  } catch (error) {
    for (const name of keptParts) services[name].restore(accountId, before)
    throw error
  } finally {
    settle()
  }
  void services.updates.publish('reset', { accountId })
}
