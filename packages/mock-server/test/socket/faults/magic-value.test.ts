import { ConsumerResponseSchema, operations, toPath } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { call, startConsumerSession, text } from '../consumer-session.ts'
import { rawCall, textsOf, toRawPublish } from '../raw-call.ts'

const magic = { settings: { magicValues: true } }

test('acts on the call whose text holds a magic value, and on no other', async () => {
  await using session = await startConsumerSession(magic)
  const failed = await session.publish(text('Please sendbox:status=429'))
  expect([failed.status, failed.json]).toMatchObject([429, { body: { errorCode: 42950 } }])
  expect(failed.headers.get('x-sendbox-fault')).toBe('sendbox:status=429')
  expect(failed.headers.get('retry-after')).toBe('1')
  expect(failed.headers.has('x-sendbox-rules')).toBe(false)
  expect(await textsOf(session)).toEqual([0])
  const lost = await rawCall(toRawPublish(session, text('sendbox:lose-answer')))
  expect(lost).toEqual({ text: '', end: 'FIN' })
  const reset = await rawCall(toRawPublish(session, text('sendbox:reset')))
  expect(reset).toEqual({ text: '', end: 'ECONNRESET' })
  expect((await session.publish(text('plain'))).status).toBe(200)
  expect(await textsOf(session)).toEqual([2, 'sendbox:lose-answer', 'plain'])
})

test('takes a magic value for a text like any other where the setting is off', async () => {
  await using session = await startConsumerSession()
  const answer = await session.publish(text('sendbox:status=503'))
  expect([answer.status, answer.headers.has('x-sendbox-fault')]).toEqual([200, false])
  expect(await textsOf(session)).toEqual([1, 'sendbox:status=503'])
})

test('acts on every call for a consumer whose id holds a magic value, but not on their tokens', async () => {
  await using session = await startConsumerSession(magic)
  const { server, accountId } = session
  const path = toPath(operations.consumer.path, { accountId })
  const askToken = (headers = session.headers) =>
    call(`${server.url}${path}?v=1.0`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ ext_consumer_id: 'anna sendbox:status=503' }),
    })
  const token = await askToken()
  const { token: consumerJws } = ConsumerResponseSchema.parse(token.json)
  const headers = { ...session.headers, 'X-LP-ON-BEHALF': consumerJws }
  const publish = (message: string, own = headers) =>
    session.send(
      {
        id: 1,
        type: 'ms.PublishEvent',
        body: { dialogId: session.conversationId, event: text(message) },
      },
      own,
    )
  for (const _ of ['first', 'second']) {
    const answer = await publish('hello')
    expect([answer.status, answer.headers.get('x-sendbox-fault')]).toEqual([
      503,
      'sendbox:status=503',
    ])
  }
  expect((await askToken(headers)).status).toBe(201)
  expect((await publish('sendbox:status=429')).status).toBe(429)
  expect((await publish('hello', { ...headers, 'X-LP-ON-BEHALF': 'no token' })).status).toBe(401)
  expect((await session.publish(text('of another consumer'))).status).toBe(200)
})

test('acts on a batch by the text of its first message', async () => {
  await using session = await startConsumerSession(magic)
  const answer = await session.sendBatch([
    { id: 1, type: 'userprofile.SetUserProfile', body: {} },
    { id: 2, type: 'cm.ConsumerRequestConversation', body: { brandId: session.accountId } },
    { id: 3, type: 'ms.PublishEvent', body: { event: text('sendbox:status=500') } },
  ])
  expect(answer.status).toBe(500)
  expect(await session.server.account().conversations.list()).toHaveLength(1)
})

test('lets a fault that was added go before a magic value', async () => {
  await using session = await startConsumerSession(magic)
  const { faults } = session.server.account()
  faults.add({ match: { nth: 1 }, action: { status: 502 } })
  expect((await session.publish(text('sendbox:status=503'))).status).toBe(502)
  expect((await session.publish(text('sendbox:status=503'))).status).toBe(503)
  expect(faults.list()).toMatchObject([{ matched: 2, acted: 1 }])
})
