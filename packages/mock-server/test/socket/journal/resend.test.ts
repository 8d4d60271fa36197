import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { operations, toPath } from '@sendbox/schema'
import { expect, onTestFinished, test } from 'vitest'
import { connectMockServer } from '../../../src/control.ts'
import { createApp, type MockServerOptions } from '../../../src/index.ts'
import { startConsumerSession, text } from '../consumer-session.ts'

async function start(options: MockServerOptions = {}) {
  const session = await startConsumerSession(options)
  onTestFinished(() => session.server.close())
  const { server, accountId } = session
  const account = server.account()
  const { requests } = account
  const pathOf = (id: keyof typeof operations) =>
    `${server.url}${toPath(operations[id].path, { accountId })}`
  return { ...session, account, requests, pathOf }
}

test('a SEND is sent again with new tokens for its consumer, through the whole mock', async () => {
  const { server, account, requests, publish, conversationId, headers } = await start()
  account.clock.freeze()
  expect((await publish(text('hé \u{1F600}'), 'id-1')).status).toBe(200)
  await account.clock.advance(7_200_000)
  expect((await publish(text('late'))).status).toBe(401)
  expect(await requests.resend(2)).toMatchObject({ status: 200, extConsumerId: 'consumer-1' })
  const response = await fetch(`${server.url}/__sendbox/accounts/12345678/requests/1/resend`, {
    method: 'POST',
  })
  const json = (await response.json()) as object
  expect([response.status, json]).toEqual([200, { entry: requests.list().at(-1) }])
  const [first, , , resent] = requests.list()
  expect(resent).toMatchObject({
    id: 4,
    by: 'resend',
    status: 200,
    operation: 'send',
    extConsumerId: 'consumer-1',
    reqId: 'id-1',
    answer: { body: { reqId: 'id-1', body: { sequence: 2 } } },
    headers: { 'content-type': 'application/json', authorization: '<redacted>' },
  })
  expect([resent?.body, resent?.query]).toEqual([first?.body, first?.query])
  expect(first?.by).toBeUndefined()
  const conversation = await account.conversations.get(conversationId)
  expect(JSON.stringify(conversation).split('hé \u{1F600}')).toHaveLength(3)
  expect(JSON.stringify(json)).not.toContain(headers['Authorization'])
})

test('what a client compressed or sent in chunks is sent again as it was understood, with its other headers', async () => {
  const { requests, sendUrl, headers, conversationId } = await start()
  const body = { dialogId: conversationId, event: text('packed') }
  const sent = await fetch(sendUrl, {
    method: 'POST',
    headers: {
      ...headers,
      'Content-Encoding': 'gzip',
      'User-Agent': 'a connector',
      'X-Sendbox-By': 'somebody',
    },
    body: gzipSync(JSON.stringify({ kind: 'req', id: '1', type: 'ms.PublishEvent', body })),
  })
  expect(sent.status).toBe(200)
  const resent = await requests.resend(1)
  expect(resent).toMatchObject({ status: 200, by: 'resend', body: { body } })
  expect(resent.headers).toMatchObject({ 'user-agent': 'a connector' })
  expect(resent.headers).not.toHaveProperty('content-encoding')
})

test('forms, requests without a body and misses are sent again', async () => {
  const { server, account, requests, pathOf } = await start()
  const form = { client_id: account.clientId, client_secret: account.clientSecret }
  const grant = new URLSearchParams({ grant_type: 'client_credentials', ...form })
  await fetch(`${pathOf('appToken')}?v=1.0`, { method: 'POST', body: grant })
  await fetch(`${pathOf('baseUris')}?version=1.0`)
  await fetch(`${server.url}/api/account/12345678/none`, { method: 'DELETE' })
  for (const [id, operation, status] of [
    [1, 'appToken', 200],
    [2, 'baseUris', 200],
    [3, null, 501],
  ] as const)
    expect(await requests.resend(id)).toMatchObject({ id: id + 3, operation, status, by: 'resend' })
})

test('an AppJWT alone and the bearer of an agent are signed anew', async () => {
  const { account, requests, pathOf, headers } = await start()
  await fetch(pathOf('consumer'), {
    method: 'POST',
    headers: { Authorization: headers['Authorization'] ?? '', 'Content-Type': 'application/json' },
    body: '{"ext_consumer_id":"zoe"}',
  })
  const login = await fetch(`${pathOf('agentLogin')}?v=1.3`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"username":"zoe","password":"any"}',
  })
  const { bearer } = (await login.json()) as { bearer: string }
  await fetch(pathOf('appInstalls'), { headers: { Authorization: `Bearer ${bearer}` } })
  const last = requests.list().at(-1)
  expect([last?.operation, last?.status]).toEqual(['appInstalls', 200])
  account.clock.freeze()
  await account.clock.advance(7_200_000)
  expect(await requests.resend(1)).toMatchObject({ operation: 'consumer', status: 201 })
  expect(await requests.resend(last?.id ?? 0)).toMatchObject({ status: 200 })
})

test.each([
  [
    'a file',
    'upload',
    { method: 'PUT', body: Uint8Array.of(1, 2) },
    'the journal does not have its whole body',
  ],
  [
    'a long text',
    'send',
    {
      method: 'POST',
      body: `{"${'x'.repeat(5000)}`,
      headers: { 'Content-Type': 'application/json' },
    },
    'the journal does not have its whole body',
  ],
  [
    'a text that is no UTF-8',
    'consumer',
    {
      method: 'POST',
      body: Buffer.of(0xff, 0xff, 0xff),
      headers: { 'Content-Type': 'application/json' },
    },
    'the journal does not have its whole body',
  ],
  [
    'a refused consumer',
    'send',
    {
      method: 'POST',
      body: '{}',
      headers: { 'Content-Type': 'application/json', 'X-LP-ON-BEHALF': 'x' },
    },
    'its X-LP-ON-BEHALF was refused',
  ],
  [
    "a client's credentials",
    'appToken',
    { method: 'POST', headers: { Authorization: 'Basic YTpi' } },
    'the credentials in its Authorization are not recorded',
  ],
] as const)('%s is not sent again, with the reason', async (_name, id, init, reason) => {
  const { server, accountId, requests, pathOf } = await start()
  const url = id === 'upload' ? `${server.url}/v1/AUTH_async-images/${accountId}/a.JPG` : pathOf(id)
  await fetch(url, init)
  await expect(requests.resend(1)).rejects.toThrow(`Request 1 cannot be sent again: ${reason}`)
  expect(requests.list()).toHaveLength(1)
  const { call } = connectMockServer(server.url)
  await expect(call('resendRequest', { accountId, requestId: '1' })).rejects.toMatchObject({
    status: 409,
  })
})

test.each(['2', '0', 'none', '1e0'])(
  'a request that the journal does not have is 404: %s',
  async requestId => {
    const { server, accountId, requests, publish } = await start()
    await publish(text('hi'))
    const { call } = connectMockServer(server.url)
    await expect(call('resendRequest', { accountId, requestId })).rejects.toMatchObject({
      status: 404,
    })
    await expect(requests.resend(2)).rejects.toThrow('GET /__sendbox/accounts/12345678/requests')
  },
)

test.each([
  ['hang', { hang: true }],
  ['reset', { reset: true }],
  ['truncated', { truncate: true }],
  ['malformed', { malformed: true }],
] as const)('a fault acts on it: %s', async (delivery, action) => {
  const { account, requests, publish } = await start()
  await publish(text('hi'))
  account.faults.add({ action, times: 1 })
  const resent = await requests.resend(1)
  expect(resent).toMatchObject({ id: 2, by: 'resend', fault: { delivery } })
})

test('two equal requests at a time get an entry each', async () => {
  const { requests, publish } = await start()
  await publish(text('hi'))
  const resent = await Promise.all([requests.resend(1), requests.resend(1), requests.resend(1)])
  expect(resent.map(({ id }) => id).toSorted()).toEqual([2, 3, 4])
})

test('it ends with its caller, or where the account is reset meanwhile', async () => {
  const { server, accountId, account, requests, publish } = await start()
  await publish(text('hi'))
  account.clock.freeze()
  account.faults.add({ action: { delayMs: 60_000 }, times: 2 })
  const caller = connectMockServer(server.url)
  const left = caller.call('resendRequest', { accountId, requestId: '1' })
  await expect.poll(() => account.faults.list()[0]?.acted).toBe(1)
  await caller.close()
  await expect(left).rejects.toThrow('The connection was closed')
  const reset = requests.resend(1)
  await expect.poll(() => account.faults.list()[0]?.acted).toBe(2)
  const [ended] = await Promise.allSettled([reset, account.reset()])
  expect(ended).toMatchObject({
    status: 'rejected',
    reason: { message: expect.stringContaining('the call ended without a record') },
  })
})

test('a mock on all interfaces reaches itself, one that is mounted elsewhere says that it cannot', async () => {
  const { requests, publish } = await start({ host: '0.0.0.0' })
  await publish(text('hi'))
  expect(await requests.resend(1)).toMatchObject({ status: 200 })

  const outer = createServer(createApp()).listen(0, '127.0.0.1')
  await once(outer, 'listening')
  onTestFinished(() => {
    outer.close()
    outer.closeAllConnections()
  })
  const url = `http://127.0.0.1:${(outer.address() as AddressInfo).port}`
  await fetch(`${url}/api/account/7/service/baseURI.json?version=1.0`)
  await expect(connectMockServer(url).account('7').requests.resend(1)).rejects.toThrow(
    'mounted in another server',
  )
})
