import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { resetAccounts } from '../../../src/lifecycle/reset.ts'
import { restoreAccount, snapshotAccount } from '../../../src/lifecycle/snapshot.ts'
import type { AccountSnapshot } from '../../../src/lifecycle/snapshot-schema.ts'
import type { Services } from '../../../src/services.ts'
import { createDataFolder } from '../../data-folder.ts'
import { contentType, startWebhookReceiver, webhooksAt } from '../../webhook-receiver.ts'
import { accountId, open, run, say, startService } from './failing-disk.ts'

/** Gives an account something in each part of a snapshot, a webhook that waits for its next attempt included. */
async function fill(service: Services, endpoint: string, name: string): Promise<AccountSnapshot> {
  service.clocks.of(accountId).freeze()
  const webhooks = webhooksAt(endpoint, { types: [contentType], maxRetries: 3 })
  service.installs.replace(accountId, { clientId: name, capabilities: { webhooks } })
  service.bots.replace(accountId, { agentId: name, rules: [] })
  service.files.save(accountId, `/files/${name}`, new Uint8Array([name.length]))
  await run(service, open)
  await run(service, say(name))
  await service.webhooks.of(accountId).idle()
  await service.clocks.of(accountId).advance(name.length)
  await service.flush?.(accountId)
  return snapshotAccount(service, accountId)
}

/** An account that was filled and reset, on a disk that a test controls, and an endpoint that refuses until a test lets it accept. */
async function startWorld() {
  const receiver = await startWebhookReceiver()
  receiver.answer = 500
  const folder = await createDataFolder()
  const world = await startService(folder)
  const { service } = world
  const snapshot = await fill(service, receiver.url, 'filled')
  await resetAccounts(service, accountId)
  const close = async (): Promise<void> => {
    await receiver.close()
    await service.webhooks.close()
    await world.data.close()
  }
  return { ...world, folder, receiver, snapshot, close, [Symbol.asyncDispose]: close }
}

test('a restore is one commit of all parts, and answered once that is on disk', async () => {
  await using world = await startWorld()
  const { service, disk, countKeys, snapshot } = world
  const { writes } = disk
  await restoreAccount(service, snapshot)
  const whole = { conversation: 1, entry: 1, file: 1, bytes: 1, document: 2, delivery: 1 }
  expect(await countKeys()).toEqual({ ...whole, webhooks: 1 })
  expect(disk.writes - writes).toBe(1)
  expect(await snapshotAccount(service, accountId)).toEqual(snapshot)
})

test('a restore that cannot be written leaves the account as it was, on disk and in memory', async () => {
  const world = await startWorld()
  const { service, disk, folder, receiver, snapshot } = world
  const before = await fill(service, receiver.url, 'before')
  disk.error = new Error('ENOSPC')
  await expect(restoreAccount(service, snapshot)).rejects.toThrow('cannot be written to')
  expect(await snapshotAccount(service, accountId)).toEqual(before)
  disk.error = undefined
  await service.flush?.(accountId)
  await world.close()
  await using again = await startService(folder)
  const { bot, ...persisted } = before
  expect(bot).toBeDefined()
  expect(await snapshotAccount(again.service, accountId)).toEqual(persisted)
  await again.service.webhooks.close()
})

test('the webhooks of a snapshot are attempted once it is on disk', async () => {
  await using world = await startWorld()
  const { service, disk, receiver, snapshot } = world
  const [install] = snapshot.webhooks.installs
  const [event] = install?.events ?? []
  if (install === undefined || event === undefined) throw new Error('There is no delivery')
  const { delivery } = event
  const queued = { ...install, events: [{ delivery: { ...delivery, attempts: [] } }] }
  const webhooks = { ...snapshot.webhooks, installs: [queued] }
  const posts = receiver.messages.length
  let release = () => {}
  disk.ready = new Promise<void>(resolve => {
    release = resolve
  })
  const restored = restoreAccount(service, { ...snapshot, webhooks })
  for (let turn = 0; turn < 20; turn += 1) await setImmediate()
  const { conversations } = await service.store.snapshot(accountId)
  expect([conversations.length, receiver.messages.length - posts]).toEqual([1, 0])
  release()
  await restored
  await service.webhooks.of(accountId).idle()
  expect(receiver.messages.slice(posts)).toEqual(['filled'])
})
