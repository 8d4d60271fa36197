import type { Services } from '../services.ts'
import { listAccountIds } from './accounts.ts'

/** Makes an account what it was at the start, and ends what is under way for it. */
export async function resetAccount(service: Services, accountId: string): Promise<void> {
  service.webhooks.reset(accountId)
  service.bots.reset(accountId)
  service.faults.reset(accountId)
  service.clocks.reset(accountId)
  service.installs.reset(accountId)
  service.files.clear(accountId)
  service.random.reset(accountId)
  service.rateLimit.reset(accountId)
  service.journals.of(accountId).reset()
  await service.store.clear(accountId)
  await service.flush(accountId)
}

/** Makes all accounts what they were at the start; what has nothing left may still count from where it was. */
export async function resetAllAccounts(service: Services): Promise<void> {
  for (const accountId of await listAccountIds(service)) await resetAccount(service, accountId)
  service.webhooks.reset()
  service.bots.reset()
  service.faults.reset()
  service.journals.reset()
}
