import { expect, test } from 'vitest'
import { parseSettings } from '../../../src/settings.ts'
import { Updates } from '../../../src/updates.ts'
import { toSignatureView } from '../../../src/webhooks/delivery.ts'
import { DeliveryLog, type DeliveryRecord } from '../../../src/webhooks/delivery-log.ts'

const recordOf = (deliveryId: string): DeliveryRecord => ({
  deliveryId,
  createdAt: 0,
  conversationId: 'c-1',
  eventType: 'ms.MessagingEventNotification.ContentEvent',
  clientId: 'client',
  endpoint: 'https://a',
  state: 'pending',
  attempts: [],
  body: '{}',
})

function createLog(maxDeliveries = 10) {
  const updates = new Updates()
  const published: unknown[] = []
  updates.subscribe('delivery', update => void published.push(update))
  const log = new DeliveryLog({
    accountId: '1',
    updates,
    maxDeliveries,
    toSignature: record => toSignatureView(record, undefined, parseSettings({}).webhooks),
  })
  return { updates, published, log }
}

const idsOf = (deliveries: readonly { readonly deliveryId: string }[]): string[] =>
  deliveries.map(({ deliveryId }) => deliveryId)

test('evicts the oldest deliveries, counts them, and publishes what is added', () => {
  const { log, published } = createLog(2)
  for (const id of ['a', 'b', 'c']) log.add(recordOf(id))
  expect([idsOf(log.list()), log.dropped, log.find('a'), log.length]).toEqual([
    ['b', 'c'],
    1,
    undefined,
    2,
  ])
  expect(published).toMatchObject(
    ['a', 'b', 'c'].map(deliveryId => ({ accountId: '1', delivery: { deliveryId } })),
  )
})

test('shows copies, which later changes do not touch', () => {
  const { log } = createLog()
  const record = recordOf('a')
  log.add(record)
  const shown = [log.show('a'), ...log.list()]
  record.attempts.push({ attempt: 1, at: 0, outcome: 200, durationMs: 1 })
  expect(shown.map(delivery => delivery?.attempts)).toEqual([[], []])
  expect(log.show('b')).toBeUndefined()
})

test('waits until as many deliveries are in a state at the end of a tick', async () => {
  const { log } = createLog()
  const records = ['a', 'b'].map(recordOf)
  for (const record of records) log.add(record)
  const state = 'delivered'
  const waiting = log.waitFor({ state }, { count: 2, timeoutMs: 60_000 })
  for (const record of records) {
    record.state = state
    log.publish(record)
  }
  expect([await waiting, idsOf(log.list({ state }))]).toEqual([true, ['a', 'b']])
})

test('does not count a state that a delivery has within a tick only, nor an update of another account', async () => {
  const { log, updates } = createLog()
  const record = recordOf('a')
  log.add(record)
  const waiting = log.waitFor({ state: 'stored' }, { count: 1, timeoutMs: 60_000 })
  for (const state of ['stored', 'dropped'] as const) {
    record.state = state
    log.publish(record)
  }
  void updates.publish('delivery', { accountId: '2', delivery: record })
  await new Promise(resolve => setImmediate(resolve))
  log.close()
  expect(await waiting).toBe(false)
})

test('ends a wait at its timeout', async () => {
  const { log } = createLog()
  expect(await log.waitFor({}, { count: 1, timeoutMs: 1 })).toBe(false)
  log.add(recordOf('a'))
  expect(await log.waitFor({ conversationId: 'c-1' }, { count: 1, timeoutMs: 1 })).toBe(true)
  expect(await log.waitFor({ conversationId: 'c-2' }, { count: 1, timeoutMs: 1 })).toBe(false)
})
