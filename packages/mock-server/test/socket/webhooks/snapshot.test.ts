import { expect, test } from 'vitest'
import { z } from 'zod'
import { createService } from '../../../src/app/create-app.ts'
import { toNotifications } from '../../../src/notifications/to-notifications.ts'
import type { ConversationUpdate } from '../../../src/updates.ts'
import { WebhooksSnapshotSchema } from '../../../src/webhooks/webhooks-snapshot.ts'
import { contentType, startWebhookReceiver, webhooksAt } from '../../webhook-receiver.ts'

/** The update of a text in a conversation. */
const saying = (message: string): Omit<ConversationUpdate, 'deliveries'> => ({
  accountId: '1',
  state: {
    conversationId: 'c',
    consumerId: 'me',
    participants: [],
    stage: 'OPEN',
    skillId: '-1',
    ttr: { ttrType: 'NORMAL', value: 1 },
    features: [],
    hasMessage: true,
    startTs: 0,
    metaDataLastUpdateTs: 0,
    dialogs: [],
  },
  events: [
    {
      type: 'counted',
      dialogId: 'c',
      entry: {
        sequence: 0,
        originatorId: 'me',
        role: 'CONSUMER',
        serverTimestamp: 0,
        event: { type: 'ContentEvent', contentType: 'text/plain', message },
      },
    },
  ],
})

/** Services whose account 1 notifies an endpoint, with its clock at a time. */
function createTelling(endpoint: string, now: number) {
  const webhooks = webhooksAt(endpoint, { types: [contentType], retentionTime: 600 })
  const installs = [{ capabilities: { webhooks } }]
  const service = createService({ accounts: { '1': { installs } }, now: () => now })
  const clock = service.clocks.of('1')
  clock.freeze()
  const { webhooks: ofAll, updates } = service
  const notify = (changed: ReturnType<typeof saying>) =>
    ofAll.deliver({
      ...changed,
      deliveries: toNotifications(
        { ...changed, now },
        service.settings.atStart.webhooks,
        () => true,
      ).flatMap(notification => ofAll.create('1', notification)),
    })
  return { clock, webhooks: ofAll, updates, notify, own: () => service.webhooks.of('1') }
}

test('continues from a snapshot with the stored events, in order, and forgets its own [WH-11]', async () => {
  await using receiver = await startWebhookReceiver()
  receiver.answer = 500
  const before = createTelling(receiver.url, 0)
  for (const message of ['a', 'b', 'c']) void before.notify(saying(message))
  await before.clock.advance(5000)
  const json = JSON.stringify(before.webhooks.snapshot('1'))
  expect(json).not.toContain('sendbox-secret')
  const snapshot = z.strictObject({ webhooks: WebhooksSnapshotSchema }).parse(JSON.parse(json))
  await before.webhooks.close()

  const after = createTelling(receiver.url, 5000)
  void after.notify(saying('forgotten'))
  after.webhooks.restore('1', snapshot)
  expect(after.own().log.list()).toMatchObject([
    { deliveryId: 'delivery-1', state: 'stored', attempts: [{ at: 0 }, { at: 2000 }] },
    { deliveryId: 'delivery-2', state: 'stored', attempts: [] },
    { deliveryId: 'delivery-3', state: 'stored', attempts: [] },
  ])
  expect(after.own().listInstalls()).toMatchObject([{ state: 'FAILED', stored: 3 }])
  expect(after.webhooks.snapshot('1')).toEqual(snapshot)
  receiver.answer = 200
  await after.clock.advance(999)
  expect(receiver.messages).toEqual(['a', 'a'])
  void after.notify(saying('d'))
  await after.clock.advance(1)
  expect(receiver.messages).toEqual(['a', 'a', 'a', 'b', 'c', 'd'])
  expect(after.own().listInstalls()).toMatchObject([{ state: 'UP', stored: 0 }])
  expect(after.webhooks.snapshot('1')).toEqual({ webhooks: { lastNumber: 4, installs: [] } })
  await after.webhooks.close()
})

test('has the event that is being sent, which is sent again after a restore [WH-11]', async () => {
  await using receiver = await startWebhookReceiver()
  receiver.answer = 500
  const before = createTelling(receiver.url, 0)
  void before.notify(saying('a'))
  await before.own().idle()
  let snapshot = before.webhooks.snapshot('2')
  receiver.answer = () => {
    snapshot = before.webhooks.snapshot('1')
    return 200
  }
  await before.clock.advance(2000)
  await before.webhooks.close()

  receiver.answer = 200
  const after = createTelling(receiver.url, 2000)
  after.webhooks.restore('1', snapshot)
  await after.own().idle()
  expect(receiver.messages).toEqual(['a', 'a', 'a'])
  expect(after.own().log.list()).toMatchObject([{ deliveryId: 'delivery-1', state: 'delivered' }])
  await after.webhooks.close()
})

test('forgets one account, and ends what is on its way there alone', async () => {
  await using receiver = await startWebhookReceiver()
  receiver.answer = 500
  const telling = createTelling(receiver.url, 0)
  for (const message of ['a', 'b']) void telling.notify(saying(message))
  await telling.own().idle()
  telling.webhooks.reset('2')
  expect(telling.own().listInstalls()).toMatchObject([{ stored: 2 }])
  telling.webhooks.reset('1')
  expect(telling.own().listInstalls()).toMatchObject([{ state: 'UP', stored: 0 }])
  expect(telling.own().log.list()).toEqual([])
  const published: unknown[] = []
  telling.updates.subscribe('delivery', update => void published.push(update))
  await telling.clock.advance(700_000)
  expect([receiver.messages, published]).toEqual([['a'], []])
  await telling.webhooks.close()
  void telling.notify(saying('c'))
  await telling.own().idle()
  expect(receiver.messages).toEqual(['a'])
})
