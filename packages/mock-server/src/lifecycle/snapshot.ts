import type { Services } from '../services.ts'
import { type AccountSnapshot, snapshotVersion } from './snapshot-schema.ts'

/** Takes a snapshot of an account. */
export async function snapshotAccount(
  service: Services,
  accountId: string,
): Promise<AccountSnapshot> {
  const { conversations, profiles } = await service.store.snapshot(accountId)
  const install = service.installs.snapshot(accountId)
  const bot = service.bots.snapshot(accountId)
  const random = service.random.snapshot(accountId)
  return {
    format: 'sendbox-snapshot',
    version: snapshotVersion,
    accountId,
    conversations,
    profiles,
    files: service.files.snapshot(accountId),
    clock: service.clocks.of(accountId).snapshot(),
    ...(install && { install }),
    ...(bot && { bot }),
    ...(random && { random }),
    webhooks: service.webhooks.snapshot(accountId),
  }
}

/** Puts a snapshot in the place of what its account is; journal and faults stay, and so does a sequence of ids that it does not have. */
export async function restoreAccount(service: Services, snapshot: AccountSnapshot): Promise<void> {
  const { accountId, conversations, profiles, files, clock, install, bot, random, webhooks } =
    snapshot
  await service.store.restore(accountId, { conversations, profiles })
  service.webhooks.reset(accountId)
  service.clocks.of(accountId).restore(clock)
  service.files.restore(accountId, files)
  service.installs.restore(accountId, install)
  service.bots.restore(accountId, bot)
  if (random) service.random.restore(accountId, random)
  service.rateLimit.reset(accountId)
  service.webhooks.restore(accountId, webhooks)
  await service.flush(accountId)
}
