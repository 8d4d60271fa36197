import { cp } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { type AccountPart, type PartName, partNames } from '../../../src/accounts/account-part.ts'
import { createService } from '../../../src/app/create-app.ts'
import { listAccountIds } from '../../../src/lifecycle/accounts.ts'
import { resetAccounts } from '../../../src/lifecycle/reset.ts'
import { restoreAccount, snapshotAccount } from '../../../src/lifecycle/snapshot.ts'
import { parseSnapshot } from '../../../src/lifecycle/snapshot-schema.ts'
import { openPersistence } from '../../../src/persistence/persistence.ts'
import type { Services } from '../../../src/services.ts'
import { createDataFolder } from '../../data-folder.ts'
import { recordOf } from '../journal/records.ts'

interface PartCase {
  /** Changes this part of an account, and no other. */
  touch(services: Services, accountId: string): void | Promise<void>
  /** The part's state, as far as a user can see it. */
  see(services: Services, accountId: string): unknown
  /** Effect of restoring a snapshot: the part's state is in it, or it is reset, or it stays. */
  readonly restore: 'replaced' | 'reset' | 'stays'
  /** Whether the data folder persists it. */
  readonly survives: boolean
}

const cases = {
  store: {
    touch: ({ store }, accountId) =>
      store.saveProfile({ accountId, consumerId: 'zoe' }, { firstName: 'Zoe' }),
    see: ({ store }, accountId) => store.snapshot(accountId),
    restore: 'replaced',
    survives: true,
  },
  files: {
    touch: ({ files }, accountId) =>
      files.save(accountId, `/v1/AUTH_async-images/${accountId}/a.PNG`, new Uint8Array([1])),
    see: ({ files }, accountId) => files.snapshot(accountId),
    restore: 'replaced',
    survives: true,
  },
  clocks: {
    touch: ({ clocks }, accountId) => clocks.of(accountId).freeze(),
    see: ({ clocks }, accountId) => clocks.snapshot(accountId),
    restore: 'replaced',
    survives: true,
  },
  installs: {
    touch: ({ installs }, accountId) =>
      void installs.replace(accountId, { clientId: 'other', capabilities: undefined }),
    see: ({ installs }, accountId) => installs.of(accountId),
    restore: 'replaced',
    survives: true,
  },
  bots: {
    touch: ({ bots }, accountId) => bots.replace(accountId, { agentId: 'bot', rules: [] }),
    see: ({ bots }, accountId) => bots.of(accountId),
    restore: 'replaced',
    survives: false,
  },
  settings: {
    touch: ({ settings }, accountId) => void settings.change(accountId, { survey: true }),
    see: ({ settings }, accountId) => settings.changesOf(accountId),
    restore: 'replaced',
    survives: true,
  },
  random: {
    touch: ({ random }, accountId) => void random.uuid(accountId),
    see: ({ random }, accountId) => random.snapshot(accountId),
    restore: 'replaced',
    survives: true,
  },
  rateLimit: {
    touch: ({ rateLimit }, accountId) => void rateLimit.tryAcquire(accountId, 0, 10),
    see: ({ rateLimit }, accountId) => rateLimit.accountIds().includes(accountId),
    restore: 'reset',
    survives: false,
  },
  faults: {
    touch: ({ faults }, accountId) =>
      void faults.of(accountId).add({ match: {}, action: { status: 503 } }),
    see: ({ faults }, accountId) => faults.of(accountId).list(),
    restore: 'stays',
    survives: false,
  },
  journals: {
    touch: ({ journals }, accountId) => journals.of(accountId).record(recordOf()),
    see: ({ journals }, accountId) => journals.of(accountId).list(),
    restore: 'stays',
    survives: false,
  },
  webhooks: {
    touch: ({ webhooks }, accountId) =>
      webhooks.restore(accountId, { webhooks: { lastNumber: 5, installs: [] } }),
    see: ({ webhooks }, accountId) => webhooks.snapshot(accountId),
    restore: 'replaced',
    survives: true,
  },
} satisfies Record<PartName, PartCase>

const settings = { limits: { requestsPerSecond: 10 } }
const options = { seed: 'seed', now: () => 5000, settings }

const ids = ['1', '2']

async function startServices(folder: string) {
  const data = await openPersistence(folder)
  const services = createService(options, data)
  await data.load(services)
  return { services, [Symbol.asyncDispose]: () => data.close() }
}

test('every service with accounts is a part', () => {
  type Listed = {
    [Name in keyof Services]: Services[Name] extends AccountPart ? Name : never
  }[keyof Services]
  expectTypeOf<Listed>().toEqualTypeOf<PartName>()
  expect(partNames.toSorted()).toEqual(Object.keys(cases).toSorted())
})

test('a reset of all accounts restarts the ids of faults and requests that were removed', async () => {
  const services = createService(options)
  cases.faults.touch(services, '1')
  services.faults.of('1').clear()
  cases.journals.touch(services, '1')
  services.journals.of('1').clear()
  await resetAccounts(services)
  cases.faults.touch(services, '1')
  cases.journals.touch(services, '1')
  expect(services.faults.of('1').list()).toMatchObject([{ faultId: 'fault-1' }])
  expect(services.journals.of('1').list()).toMatchObject([{ id: 1 }])
})

test.each([
  ['a reset', resetAccounts],
  [
    'a restore',
    async (services: Services) => restoreAccount(services, await snapshotAccount(services, '1')),
  ],
])('%s resolves once the data folder has it', async (_, act) => {
  let save = (): void => {}
  const saved = new Promise<void>(resolve => {
    save = resolve
  })
  let isDone = false
  const finish = async (): Promise<void> => {
    await act({ ...createService(options), flush: () => saved })
    isDone = true
  }
  const done = finish()
  await setTimeout(50)
  expect(isDone).toBe(false)
  save()
  await done
})

describe.each(partNames)('%s', name => {
  const { touch, see, restore, survives }: PartCase = cases[name]

  const seeBoth = (services: Services) => Promise.all(ids.map(id => see(services, id)))

  async function createTouched() {
    const services = createService(options)
    const untouched = await seeBoth(createService(options))
    for (const id of ids) await touch(services, id)
    const touched = await seeBoth(services)
    for (const index of ids.keys()) expect(touched[index]).not.toEqual(untouched[index])
    return { services, untouched, touched }
  }

  test('is listed', async () => {
    const services = createService(options)
    await touch(services, '1')
    expect(await listAccountIds(services)).toEqual(['1'])
  })

  test('is reset for one account and for no other', async () => {
    const { services, untouched, touched } = await createTouched()
    await resetAccounts(services, '1')
    expect(await listAccountIds(services)).toEqual(['2'])
    expect(await seeBoth(services)).toEqual([untouched[0], touched[1]])
  })

  test('is reset for all accounts', async () => {
    const { services, untouched } = await createTouched()
    await resetAccounts(services)
    expect(await listAccountIds(services)).toEqual([])
    expect(await seeBoth(services)).toEqual(untouched)
  })

  test(`is ${restore === 'stays' ? 'left as it was' : restore} by a restore`, async () => {
    const { services, untouched, touched } = await createTouched()
    const json = JSON.stringify(await snapshotAccount(services, '1'))
    const other = createService(options)
    await restoreAccount(other, parseSnapshot(JSON.parse(json), '1'))
    const expected = restore === 'replaced' ? touched : untouched
    expect(await seeBoth(other)).toEqual([expected[0], untouched[1]])
    await restoreAccount(services, await snapshotAccount(createService(options), '1'))
    const left = restore === 'stays' ? touched : untouched
    expect(await seeBoth(services)).toEqual([left[0], touched[1]])
  })

  test(`${survives ? 'survives' : 'does not survive'} a restart, with what reset and restore left`, async () => {
    const { untouched, touched } = await createTouched()
    const folder = await createDataFolder()
    await using world = await startServices(folder)
    const { services } = world
    /** As after a kill: what was not flushed is lost. */
    const seeAfterRestart = async () => {
      const copy = await createDataFolder()
      await cp(folder, copy, { recursive: true })
      await using again = await startServices(copy)
      return seeBoth(again.services)
    }
    const persisted = survives ? touched : untouched
    for (const id of ids) await touch(services, id)
    const snapshot = await snapshotAccount(services, '1')
    await services.flush?.()
    expect(await seeAfterRestart()).toEqual(persisted)
    if (!survives) return
    await resetAccounts(services, '1')
    expect(await seeAfterRestart()).toEqual([untouched[0], persisted[1]])
    await restoreAccount(services, snapshot)
    expect(await seeAfterRestart()).toEqual(persisted)
    const copy = await createDataFolder()
    await cp(folder, copy, { recursive: true })
    {
      await using again = await startServices(copy)
      await resetAccounts(again.services, '1')
    }
    await using last = await startServices(copy)
    expect(await seeBoth(last.services)).toEqual([untouched[0], persisted[1]])
    await resetAccounts(services)
    expect(await seeAfterRestart()).toEqual(untouched)
  })
})
