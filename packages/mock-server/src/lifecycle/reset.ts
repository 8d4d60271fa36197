import { partNames } from '../accounts/account-part.ts'
import type { Services } from '../services.ts'

async function resetParts(services: Services, accountId?: string): Promise<void> {
  await Promise.all(partNames.toReversed().map(async name => services[name].reset(accountId)))
  await services.flush?.()
}

/** Returns an account to its initial state, and cancels its work in progress. */
export const resetAccount = (services: Services, accountId: string): Promise<void> =>
  resetParts(services, accountId)

/** Returns all accounts to their initial state, and cancels all work in progress. */
export const resetAllAccounts = (services: Services): Promise<void> => resetParts(services)
