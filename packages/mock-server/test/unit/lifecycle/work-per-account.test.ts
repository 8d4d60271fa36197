import { expect, test, vi } from 'vitest'
import { AccountClock } from '../../../src/accounts/account-clock.ts'
import { createService } from '../../../src/app/create-app.ts'
import { controlOperations } from '../../../src/control/operations.ts'
import { FaultRegistry } from '../../../src/faults/registry.ts'
import { Journal } from '../../../src/journal/journal.ts'
import { listAccountIds } from '../../../src/lifecycle/accounts.ts'
import { resetAccounts } from '../../../src/lifecycle/reset.ts'
import type { Services } from '../../../src/services.ts'
import { AccountWebhooks } from '../../../src/webhooks/account-webhooks.ts'
import { recordOf } from '../journal/records.ts'

const signal = new AbortController().signal

/** Calls every operation that only reads, as the control API does, of an account that does not exist. */
async function readAll(service: Services, accountId: string): Promise<void> {
  const params = { accountId, conversationId: 'c', faultId: 'f', extConsumerId: 'x' }
  for (const { method, query, handle } of controlOperations)
    if (method === 'GET')
      await handle({ params, query: query?.parse({}), body: undefined, signal }, service)
}

test('no GET of the control API creates the state of an account', async () => {
  const service = createService({})
  const makers = [service.clocks, service.faults, service.journals, service.webhooks].map(part =>
    vi.spyOn(part, 'of'),
  )
  await readAll(service, 'unknown')
  expect(await listAccountIds(service)).toEqual([])
  for (const maker of makers) expect(maker).not.toHaveBeenCalled()
  service.journals.of('1').record(recordOf())
  await readAll(service, '1')
  expect(service.webhooks.accountIds()).toEqual([])
  expect(service.clocks.accountIds()).toEqual([])
})

test('a reset visits each account once, and that of one account no other one', async () => {
  const service = createService({})
  const accounts = 500
  const touch = () => {
    for (let index = 0; index < accounts; index += 1) {
      const id = String(index)
      service.clocks.of(id).freeze()
      service.faults.of(id).add({ action: { status: 503 } })
      service.journals.of(id).record(recordOf())
      service.webhooks.of(id)
    }
  }
  touch()
  using clocks = vi.spyOn(AccountClock.prototype, 'restore')
  using faults = vi.spyOn(FaultRegistry.prototype, 'reset')
  using journals = vi.spyOn(Journal.prototype, 'reset')
  using webhooks = vi.spyOn(AccountWebhooks.prototype, 'stop')
  const visits = () => [clocks, faults, journals, webhooks].map(spy => spy.mock.calls.length)
  await resetAccounts(service, '7')
  expect(visits()).toEqual([1, 1, 1, 1])
  await resetAccounts(service)
  expect(Math.max(...visits())).toBeLessThanOrEqual(accounts + 1)
  expect(service.journals.accountIds()).toEqual([])
  vi.clearAllMocks()
  await resetAccounts(service)
  // An account without state is not visited again; the registries of faults stay, for the handles that hold them.
  expect([clocks, journals, webhooks].map(spy => spy.mock.calls.length)).toEqual([0, 0, 0])
})
