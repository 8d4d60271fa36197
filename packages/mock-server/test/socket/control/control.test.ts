import { networkInterfaces } from 'node:os'
import { expect, test } from 'vitest'
import { startMockServer } from '../../../src/index.ts'
import { call, errorOf, startConsumerSession, text } from '../consumer-session.ts'

test('says that it is healthy', async () => {
  await using server = await startMockServer()
  expect((await call(`${server.url}/__sendbox/health`)).json).toEqual({ status: 'ok' })
})

test('shows the conversations of one account, newest first, as the account handle does', async () => {
  await using session = await startConsumerSession()
  const { server, accountId, conversationId } = session
  const second = await server.account().conversations.open('consumer-2')
  await server.account('other').conversations.open('consumer-1')
  await session.publish(text('hi'))
  const url = `${server.url}/__sendbox/accounts/${accountId}/conversations`
  const all = (await call(url)).json
  expect(all).toEqual(await server.account().conversations.list())
  expect(all).toMatchObject([{ conversationId: second.conversationId }, { conversationId }])
  expect((await call(`${url}/${conversationId}`)).json).toEqual((all as unknown[])[1])
})

test('answers 404 for a conversation of another account', async () => {
  await using session = await startConsumerSession()
  const { server, conversationId } = session
  const answer = await call(`${server.url}/__sendbox/accounts/1/conversations/${conversationId}`)
  expect([answer.status, answer.json]).toEqual([
    404,
    {
      title: 'Not Found',
      details: `Account 1 has no conversation ${conversationId}; GET /__sendbox/accounts/1/conversations lists those it has`,
      errorCode: 40451,
    },
  ])
})

test('shows a conversation as it was when it was asked for', async () => {
  await using session = await startConsumerSession()
  const { conversations, agent } = session.server.account()
  await session.publish(text('zero'))
  await agent(session.conversationId).type()
  const before = await conversations.get(session.conversationId)
  const copy = structuredClone(before)
  await session.publish(text('one'))
  await agent(session.conversationId).type('PAUSE')
  expect(before).toEqual(copy)
  expect((await conversations.get(session.conversationId))?.dialogs[0]?.transcript).toHaveLength(2)
})

test('opens no conversation under an id that the account has', async () => {
  await using session = await startConsumerSession()
  const { conversationId } = session
  const { conversations } = session.server.account()
  await session.publish(text('zero'))
  await expect(conversations.open('consumer-2', conversationId)).rejects.toThrow(
    new Error(`Account 12345678 has a conversation ${conversationId}`),
  )
  expect((await session.publish(text('one'))).json).toMatchObject({ body: { sequence: 1 } })
  const other = session.server.account('other').conversations
  expect((await other.open('consumer-2', conversationId)).conversationId).toBe(conversationId)
})

test('forgets everything on reset', async () => {
  await using session = await startConsumerSession()
  await session.server.reset()
  expect((await session.publish(text('hi'))).status).toBe(404)
})

test('frees its port on close, which may be called twice', async () => {
  const server = await startMockServer()
  await server.close()
  await server.close()
  const port = Number(new URL(server.url).port)
  await using second = await startMockServer({ port })
  expect(second.url).toBe(server.url)
})

test('rejects with EADDRINUSE where the port is taken', async () => {
  await using server = await startMockServer()
  const port = Number(new URL(server.url).port)
  await expect(startMockServer({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

test('names the setting that is wrong', async () => {
  const settings = { token: { expiresIn: 'no' } } as never
  await expect(startMockServer({ settings })).rejects.toThrow(/token\.expiresIn/)
})

test('answers 500 and reports the error where the mock itself fails', async () => {
  const reported: Error[] = []
  await using session = await startConsumerSession()
  await using failing = await startMockServer({
    now: () => {
      throw new Error('no clock')
    },
    reportError: error => reported.push(error),
  })
  const url = session.sendUrl.replace(session.server.url, failing.url)
  const answer = await call(url, { method: 'POST', headers: session.headers, body: '{}' })
  expect([answer.status, answer.json]).toEqual([
    500,
    errorOf(500, 50050, 'Internal Server Error', 'Sendbox itself failed: no clock'),
  ])
  expect(reported.map(({ message }) => message)).toEqual(['no clock'])
})

const outward = Object.values(networkInterfaces())
  .flat()
  .find(address => address?.family === 'IPv4' && !address.internal)?.address

test('is closed off loopback, while the API itself answers', async ({ skip }) => {
  skip(outward === undefined, 'this machine has no address but loopback')
  await using server = await startMockServer({ host: '0.0.0.0' })
  const { port } = new URL(server.url)
  const statuses = await Promise.all(
    ['127.0.0.1', outward].flatMap(host =>
      ['/__sendbox/health', '/api/account/1/service/baseURI.json?version=1.0'].map(
        async path => (await call(`http://${host}:${port}${path}`)).status,
      ),
    ),
  )
  expect(statuses).toEqual([200, 200, 403, 200])
})
