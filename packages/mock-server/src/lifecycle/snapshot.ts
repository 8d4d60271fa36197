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

/** Replaces an account's state by a snapshot; the parts that no snapshot has stay, rate limit excepted. */
export async function restoreAccount(services: Services, snapshot: AccountSnapshot): Promise<void> {
  for (const name of partNames) {
    const part = services[name]
    if ('restore' in part) await part.restore(snapshot.accountId, snapshot)
  }
  await services.flush?.()
}
