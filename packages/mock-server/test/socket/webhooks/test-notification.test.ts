import { verifyWebhook } from '@sendbox/schema/signature'
import { expect, onTestFinished, test } from 'vitest'
import { connectMockServer } from '../../../src/control.ts'
import { type MockServerOptions, startMockServer } from '../../../src/index.ts'
import { createDataFolder } from '../../data-folder.ts'
import {
  changeType,
  contentType,
  startWebhookReceiver,
  webhooksAt,
} from '../../webhook-receiver.ts'

async function start(options: MockServerOptions = {}) {
  const server = await startMockServer({ now: () => 0, ...options })
  const receiver = await startWebhookReceiver()
  onTestFinished(async () => {
    await server.close()
    await receiver.close()
  })
  const account = server.account('7')
  account.clock.freeze()
  const remote = connectMockServer(server.url)
  const ask = (event: string) =>
    fetch(`${server.url}/__sendbox/accounts/7/webhooks/test`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ event }),
    })
  return { server, receiver, account, webhooks: account.webhooks, remote, ask }
}

test('a test is signed and posted as any notification, marked in the log, and of no conversation', async () => {
  const { receiver, account, webhooks, ask } = await start()
  webhooks.register(webhooksAt(receiver.url))
  const response = await ask(contentType)
  const { deliveries } = (await response.json()) as { deliveries: unknown[] }
  expect([response.status, deliveries]).toEqual([200, webhooks.list()])
  expect(deliveries).toMatchObject([
    { deliveryId: 'delivery-1', test: true, state: 'delivered', attempts: [{ outcome: 200 }] },
  ])
  const [post] = receiver.posts
  const { headers = {}, body = '' } = post ?? {}
  expect(verifyWebhook(body, 'sendbox-secret', headers['x-liveperson-signature'])).toBe(true)
  const [delivery] = webhooks.list()
  expect(delivery?.conversationId).toMatch(/^webhook-test-/)
  expect(await account.conversations.list()).toEqual([])
  const [second] = await webhooks.test(contentType)
  expect(second?.conversationId).not.toBe(delivery?.conversationId)
  expect(receiver.posts).toHaveLength(2)
})

test('a test that fails is not repeated, and does not fail the install', async () => {
  const { receiver, account, webhooks } = await start()
  webhooks.register(webhooksAt(receiver.url, { maxRetries: 3, retentionTime: 600 }))
  receiver.answer = 500
  expect(await webhooks.test(contentType)).toMatchObject([
    { test: true, state: 'failed', attempts: [{ outcome: 500, response: { status: 500 } }] },
  ])
  await account.clock.advance(300_000)
  expect(receiver.posts).toHaveLength(1)
  expect(webhooks.installs()).toMatchObject([{ state: 'UP', stored: 0 }])
  receiver.answer = 200
  expect(await webhooks.redeliver('delivery-1')).toMatchObject({ state: 'delivered', test: true })
})

test('faults of attempts act on a test', async () => {
  const { receiver, webhooks } = await start()
  webhooks.register(webhooksAt(receiver.url))
  webhooks.faults.add({ action: { status: 503 } })
  expect(await webhooks.test(contentType)).toMatchObject([
    { state: 'failed', attempts: [{ outcome: 503, faultId: 'webhook-fault-1' }] },
  ])
  expect(receiver.posts).toEqual([])
})

test('every app that registered for it is tested', async () => {
  const one = await startWebhookReceiver()
  onTestFinished(() => one.close())
  const at = (types: readonly (typeof contentType | typeof changeType)[]) => ({
    capabilities: { webhooks: webhooksAt(one.url, { types }) },
  })
  const installs = [
    { clientId: 'one', clientSecret: 'secret-1', ...at([contentType]) },
    { clientId: 'two', clientSecret: 'secret-2', ...at([contentType, changeType]) },
  ]
  const { webhooks } = await start({ accounts: { 7: { installs } } })
  const clientsOf = async (event: typeof contentType | typeof changeType) =>
    (await webhooks.test(event)).map(({ clientId, state }) => [clientId, state])
  expect(await clientsOf(changeType)).toEqual([['two', 'delivered']])
  expect(await clientsOf(contentType)).toEqual([
    ['one', 'delivered'],
    ['two', 'delivered'],
  ])
})

test('without an endpoint for it a test is refused, with what to do', async () => {
  const { receiver, webhooks, remote, ask } = await start()
  webhooks.register(webhooksAt(receiver.url, { types: [changeType] }))
  const refused = await ask(contentType)
  const advice = `No app of account 7 has an endpoint for ${contentType}: register one with PUT /__sendbox/accounts/{accountId}/app-install, in its capabilities.webhooks`
  expect([refused.status, await refused.json()]).toEqual([
    409,
    { title: 'Conflict', details: advice },
  ])
  await expect(webhooks.test(contentType)).rejects.toThrow(advice)
  await expect(remote.account('7').webhooks.test(contentType)).rejects.toMatchObject({
    status: 409,
  })
  await expect(webhooks.test('ContentEvent' as never)).rejects.toThrow('The event is not valid')
  expect((await ask('ContentEvent')).status).toBe(400)
  expect(webhooks.list()).toEqual([])
})

test('the ids of deliveries continue behind a test after a restart', async () => {
  const data = await createDataFolder()
  const { receiver, webhooks, server } = await start({ data })
  webhooks.register(webhooksAt(receiver.url))
  await webhooks.test(contentType)
  await server.close()
  const again = await startMockServer({ data })
  onTestFinished(() => again.close())
  expect(again.account('7').webhooks.list()).toEqual([])
  expect(await again.account('7').webhooks.test(contentType)).toMatchObject([
    { deliveryId: 'delivery-2' },
  ])
})
