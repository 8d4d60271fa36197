import { expect, test } from 'vitest'
import { contentType, startWebhookReceiver, webhooksAt } from '../../webhook-receiver.ts'
import { call, startConsumerSession, text } from '../consumer-session.ts'

async function startControlled() {
  const session = await startConsumerSession({ now: () => 0 })
  const receiver = await startWebhookReceiver()
  const { webhooks, clock } = session.server.account()
  clock.freeze()
  const base = `${session.server.url}/__sendbox/accounts/12345678`
  const ask = (method: string, path: string, body?: unknown) =>
    call(`${base}${path}`, {
      method,
      ...(body !== undefined && {
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }),
    })
  await ask('PUT', '/app-install', {
    capabilities: { webhooks: webhooksAt(receiver.url, { types: [contentType] }) },
  })
  return {
    receiver,
    webhooks,
    ask,
    say: async (message: string) => {
      await session.publish(text(message))
      await webhooks.idle()
    },
    conversationId: session.conversationId,
    async [Symbol.asyncDispose]() {
      await session[Symbol.asyncDispose]()
      await receiver.close()
    },
  }
}

test('delivers by a manifest that is put, and lists deliveries by what is asked for', async () => {
  await using world = await startControlled()
  const { ask, say, receiver, webhooks, conversationId } = world
  await say('a')
  receiver.answer = 500
  await say('b')
  const ids = async (query: string): Promise<unknown> => {
    const { json } = await ask('GET', `/webhooks${query}`)
    return (json as { deliveries: { deliveryId: string }[] }).deliveries.map(
      ({ deliveryId }) => deliveryId,
    )
  }
  expect(
    await Promise.all(['', '?state=failed', `?conversationId=${conversationId}`].map(ids)),
  ).toEqual([['delivery-1', 'delivery-2'], ['delivery-2'], ['delivery-1', 'delivery-2']])
  expect(
    await Promise.all([`?eventType=${contentType}&state=delivered`, '?conversationId=x'].map(ids)),
  ).toEqual([['delivery-1'], []])
  expect((await ask('GET', '/webhooks')).json).toEqual({
    deliveries: webhooks.list(),
    dropped: 0,
    installs: [{ clientId: 'sendbox-client', state: 'UP', stored: 0, slowEndpoints: [] }],
  })
  const refused = await ask('GET', '/webhooks?state=lost')
  expect([refused.status, refused.json]).toMatchObject([400, { problems: [{ path: '/state' }] }])
})

test('waits for deliveries, and explains why there are none', async () => {
  await using world = await startControlled()
  const { ask, say, receiver } = world
  const waiting = ask('POST', '/webhooks/wait', { match: { eventType: contentType }, count: 2 })
  await say('a')
  await say('b')
  expect((await waiting).json).toMatchObject({
    ok: true,
    deliveries: [{ deliveryId: 'delivery-1' }, { deliveryId: 'delivery-2' }],
  })
  receiver.answer = 500
  await say('c')
  const missed = await ask('POST', '/webhooks/wait', { count: 3, timeoutMs: 0 })
  expect([missed.status, missed.json]).toMatchObject([
    422,
    {
      ok: false,
      message: [
        'Expected 3 webhook deliveries to be delivered within 0 ms, found 2; the last of those that match but for their state:',
        `  delivery-1 ${contentType}: delivered, attempts: 200`,
        `  delivery-2 ${contentType}: delivered, attempts: 200`,
        `  delivery-3 ${contentType}: failed, attempts: 500`,
      ].join('\n'),
      deliveries: [{}, {}, {}],
    },
  ])
  const none = await ask('POST', '/webhooks/wait', { match: { conversationId: 'x' }, timeoutMs: 0 })
  expect(none.json).toMatchObject({
    deliveries: [],
    message: expect.stringContaining('app-install'),
  })
})

test('tries a delivery once more when asked to; only success changes the state of a failed one', async () => {
  await using world = await startControlled()
  const { ask, say, receiver, webhooks } = world
  receiver.answer = 500
  await say('a')
  expect(await webhooks.redeliver('delivery-1')).toMatchObject({ state: 'failed' })
  receiver.answer = 200
  const again = await ask('POST', '/webhooks/delivery-1/redeliver')
  const attempts = [{ outcome: 500 }, { outcome: 500 }, { attempt: 3, outcome: 200 }]
  expect([again.status, again.json]).toMatchObject([200, { state: 'delivered', attempts }])
  expect(new Set(receiver.posts.map(({ body }) => body)).size).toBe(1)
  receiver.answer = 500
  expect(await webhooks.redeliver('delivery-1')).toMatchObject({ state: 'delivered' })
  const missing = await ask('POST', '/webhooks/delivery-9/redeliver')
  expect([missing.status, missing.json]).toMatchObject([404, { title: 'Not Found' }])
  await expect(webhooks.redeliver('delivery-9')).rejects.toThrow('no delivery delivery-9')
  webhooks.register({})
  const nowhere = await ask('POST', '/webhooks/delivery-1/redeliver')
  expect([nowhere.status, nowhere.json]).toMatchObject([409, { title: 'Conflict' }])
})

test('refuses a manifest and a query that are not valid, by their names', async () => {
  await using world = await startControlled()
  const { webhooks } = world
  expect(() => webhooks.register({ [contentType]: { endpoint: 'ftp://a' } })).toThrow(
    'The manifest is not valid',
  )
  expect(() => webhooks.list({ state: 'lost' } as never)).toThrow('The query is not valid')
  await expect(webhooks.waitFor({ count: 0 })).rejects.toThrow('The wait is not valid')
})
