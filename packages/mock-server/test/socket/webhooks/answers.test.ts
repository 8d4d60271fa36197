import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { signWebhook } from '@sendbox/schema/signature'
import { expect, onTestFinished, test } from 'vitest'
import { connectMockServer } from '../../../src/control.ts'
import { startMockServer } from '../../../src/index.ts'
import { contentType, startWebhookReceiver } from '../../webhook-receiver.ts'

/** A receiver that answers with a status and a text, which may repeat the headers that it got. */
async function startAnswering(status: number, toText: (headers: object) => string | Uint8Array) {
  const receiver = createServer((request, response) => {
    request.resume().once('end', () => response.writeHead(status).end(toText(request.headers)))
  })
  await once(receiver.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    receiver.close()
    receiver.closeAllConnections()
  })
  return `127.0.0.1:${(receiver.address() as AddressInfo).port}`
}

async function startMock() {
  const server = await startMockServer({ now: () => 0 })
  onTestFinished(() => server.close())
  const account = server.account('7')
  account.clock.freeze()
  const { webhooks } = account
  /** The delivery of a message to an endpoint. */
  const deliver = async (endpoint: string, more: object = {}) => {
    webhooks.register({ [contentType]: { endpoint, ...more } })
    const { conversationId } = await account.conversations.open('zoe')
    await account.agent(conversationId).say('hi')
    await webhooks.idle()
    return webhooks.list({ conversationId })[0]
  }
  return { server, account, webhooks, deliver }
}

test('the answer of a receiver that refuses is shown, with its secrets redacted', async () => {
  const { deliver, server } = await startMock()
  const host = await startAnswering(
    401,
    headers => `${JSON.stringify(headers)} for sendbox-secret and password-1`,
  )
  const headers = [{ header_name: 'X-Route', header_value: 'a-long-routing-value' }]
  const delivery = await deliver(`http://name-1:password-1@${host}/`, { headers })
  const [attempt] = delivery?.attempts ?? []
  expect([delivery?.state, attempt?.outcome]).toEqual(['failed', 401])
  expect(attempt?.response).toMatchObject({ status: 401, truncated: false })
  expect(attempt?.response?.body).toContain('"x-route":"<redacted>"')
  expect(attempt?.response?.body).toContain(' for <redacted> and <redacted>')
  const listed = await fetch(`${server.url}/__sendbox/accounts/7/webhooks`)
  const json = await listed.text()
  expect(JSON.parse(json)).toMatchObject({ deliveries: [delivery] })
  const basic = Buffer.from('name-1:password-1').toString('base64')
  for (const secret of ['a-long-routing-value', 'password-1', 'sendbox-secret', basic])
    expect(json).not.toContain(secret)
})

test('of a long answer the beginning is shown, without the beginning of a secret', async () => {
  const { deliver } = await startMock()
  const before = 'x'.repeat(4096 - 10)
  const host = await startAnswering(200, () => `${before} sendbox-secret`)
  const { attempts = [] } = (await deliver(`http://${host}/`)) ?? {}
  expect(attempts[0]?.response).toEqual({
    status: 200,
    body: `${before} <redacted>`,
    truncated: true,
  })
  const token = await startAnswering(200, () => `${before} token=${'y'.repeat(20)}`)
  const other = await deliver(`http://${token}/`)
  expect(other?.attempts[0]?.response?.body).toBe(`${before} token=<redacted>`)
})

test('nothing is shown of what a fault simulated, and no answer where there was none', async () => {
  const { webhooks, deliver } = await startMock()
  webhooks.faults.add({ action: { status: 503 }, times: 1 })
  const faulted = await deliver('http://127.0.0.1:1/')
  expect(faulted?.attempts).toEqual([
    { attempt: 1, at: 0, outcome: 503, durationMs: 0, faultId: 'webhook-fault-1' },
  ])
  expect(faulted?.signature).toMatchObject({ sent: null, expected: expect.any(String) })
  const refused = await deliver('http://127.0.0.1:1/')
  expect(refused?.attempts).toEqual([
    {
      attempt: 1,
      at: 0,
      outcome: 'refused',
      durationMs: expect.any(Number),
      headers: expect.objectContaining({ 'x-liveperson-account-id': '7' }),
    },
  ])
})

test('a signature with a secret that is no longer the one of the app shows beside the right one', async () => {
  const { server, webhooks, deliver } = await startMock()
  await using receiver = await startWebhookReceiver()
  const delivery = await deliver(receiver.url)
  const body = delivery?.body ?? ''
  const sent = signWebhook(body, 'sendbox-secret')
  expect(receiver.posts[0]?.headers['x-liveperson-signature']).toBe(sent)
  expect(delivery?.signature).toMatchObject({ sent, expected: sent })
  const remote = connectMockServer(server.url)
  onTestFinished(() => remote.close())
  const capabilities = { webhooks: { [contentType]: { endpoint: receiver.url } } }
  await remote.call('putAppInstall', {
    accountId: '7',
    body: { clientSecret: 'another-secret', capabilities },
  })
  const expected = signWebhook(body, 'another-secret')
  expect(webhooks.list()[0]?.signature).toMatchObject({ sent, expected })
  const again = await webhooks.redeliver('delivery-1')
  expect(again.signature).toMatchObject({ sent: expected, expected })
  expect(await remote.account('7').webhooks.list()).toEqual([again])
})

test('a snapshot has attempts without headers and answers', async () => {
  const { account, deliver } = await startMock()
  const host = await startAnswering(500, () => 'no more room')
  const delivery = await deliver(`http://${host}/`, { max_retries: 2 })
  expect(delivery?.attempts[0]?.response?.body).toBe('no more room')
  const snapshot = await account.snapshot()
  const attempt = { attempt: 1, at: 0, outcome: 500, durationMs: expect.any(Number) }
  expect(snapshot.webhooks.installs[0]?.events[0]?.delivery.attempts).toEqual([attempt])
  await account.restore(snapshot)
  expect(account.webhooks.list()[0]).toMatchObject({
    attempts: [attempt],
    signature: { sent: null },
  })
  await account.clock.advance(30_000)
  expect(account.webhooks.list()[0]?.attempts).toMatchObject([
    attempt,
    { attempt: 2, response: { body: 'no more room' } },
  ])
})
