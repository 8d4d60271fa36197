import { expect, test, vi } from 'vitest'
import { listDeliveries } from '../../../src/control/routes/webhooks.ts'
import type { WebhooksSnapshot } from '../../../src/webhooks/webhooks-snapshot.ts'
import { createDataFolder } from '../../data-folder.ts'
import { accountId, open, run, say, startService } from './failing-disk.ts'

test('webhooks are shown once what survives of them is on disk', async () => {
  await using world = await startService(await createDataFolder())
  const { service, countKeys } = world
  service.webhooks.of(accountId)
  service.webhooks.restore(accountId, { webhooks: { lastNumber: 5, installs: [] } })
  expect(await countKeys()).toEqual({})
  await listDeliveries.handle(
    { params: { accountId }, query: {}, body: undefined, signal: AbortSignal.abort() },
    service,
  )
  expect(await countKeys()).toEqual({ webhooks: 1 })
})

test('webhooks that change are on disk soon, without a call of flush, each time', async () => {
  await using world = await startService(await createDataFolder())
  const { service, disk, countKeys } = world
  for (const lastNumber of [5, 6]) {
    service.webhooks.restore(accountId, { webhooks: { lastNumber, installs: [] } })
    await vi.waitFor(() => expect(disk.writes).toBe(lastNumber - 4), { timeout: 20_000 })
  }
  expect(await countKeys()).toEqual({ webhooks: 1 })
})

test('after a write that failed, the next one has the webhooks again', async () => {
  await using world = await startService(await createDataFolder())
  const { service, disk, countKeys } = world
  service.webhooks.restore(accountId, { webhooks: { lastNumber: 5, installs: [] } })
  disk.error = new Error('ENOSPC')
  await expect(service.flush?.()).rejects.toThrow('cannot be written to')
  expect(await countKeys()).toEqual({})
  disk.error = undefined
  await service.flush?.()
  expect(await countKeys()).toEqual({ webhooks: 1 })
})

test('a delivery whose step cannot be persisted is never attempted, and is not on disk', async () => {
  const folder = await createDataFolder()
  const first = await startService(folder)
  const { service, disk } = first
  service.installs.replace(accountId, {
    clientId: 'a',
    capabilities: {
      webhooks: {
        'ms.MessagingEventNotification.ContentEvent': { endpoint: 'http://127.0.0.1:1/' },
      },
    },
  })
  await run(service, open)
  disk.error = new Error('EIO')
  await expect(run(service, say('lost'))).rejects.toThrow('cannot be written to')
  disk.error = undefined
  await run(service, say('kept'))
  await service.webhooks.of(accountId).idle()
  const listed = service.webhooks.of(accountId).log.list()
  expect(listed.map(({ body }) => body.includes('kept'))).toEqual([true])
  await first.data.close()
  await using again = await startService(folder)
  expect(again.service.webhooks.of(accountId).log.list()).toEqual([])
})

test('what was delivered, stored or changed before a failed write is on disk with the next one', async () => {
  const folder = await createDataFolder()
  await using world = await startService(folder)
  const { service, disk, countKeys } = world
  const webhooks: WebhooksSnapshot = {
    lastNumber: 1,
    installs: [
      {
        clientId: 'a',
        phase: 'UP',
        failures: 0,
        failing: [],
        lastOfOutage: -1,
        retentionMs: 0,
        events: [
          {
            dueAt: 60_000,
            attempt: 2,
            delivery: {
              deliveryId: 'delivery-1',
              createdAt: 0,
              conversationId: 'talk',
              eventType: 'ms.MessagingEventNotification.ContentEvent',
              clientId: 'a',
              endpoint: 'http://127.0.0.1:1/',
              state: 'pending',
              attempts: [],
              body: '{}',
            },
          },
        ],
      },
    ],
  }
  service.webhooks.restore(accountId, { webhooks })
  await service.flush?.()
  expect(await countKeys()).toEqual({ webhooks: 1, delivery: 1 })
  disk.error = new Error('EIO')
  service.webhooks.reset(accountId)
  await expect(service.flush?.()).rejects.toThrow('cannot be written to')
  disk.error = undefined
  await service.flush?.()
  expect(await countKeys()).toEqual({})
})
