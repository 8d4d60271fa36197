import { partNames } from '../accounts/account-part.ts'
import type { Services } from '../services.ts'

/** Returns an account, or all of them, to the initial state, and cancels work in progress. */
export async function resetAccounts(services: Services, accountId?: string): Promise<void> {
  void services.updates.publish('reset', { accountId })
  await Promise.all(partNames.toReversed().map(async name => services[name].reset(accountId)))
  await services.flush?.()
}
