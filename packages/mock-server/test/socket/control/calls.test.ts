import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createService } from '../../../src/app/create-app.ts'
import { createExpressApp } from '../../../src/app/create-express-app.ts'
import { startMockServer } from '../../../src/index.ts'
import { call, startConsumerSession, text } from '../consumer-session.ts'

const post = (url: string, body: unknown) =>
  call(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })

test('shows a newcomer where everything is', async () => {
  await using server = await startMockServer()
  const index = await call(`${server.url}/__sendbox`)
  expect(index.json).toMatchObject({ name: 'Sendbox', openapi: '/__sendbox/openapi.json' })
  const { calls } = index.json as { calls: unknown[] }
  expect(calls).toContainEqual({
    call: 'GET /__sendbox/health',
    summary: 'Says that the mock runs',
  })
  expect((await call(`${server.url}/__sendbox/`)).json).toEqual(index.json)
})

test('answers an unknown path with the closest ones, and a wrong method with the right ones', async () => {
  await using server = await startMockServer()
  const where = 'GET /__sendbox/openapi.json describes all calls'
  const notFound = { title: 'Not Found' }
  expect(await call(`${server.url}/__sendbox/metrcs`)).toMatchObject({
    status: 404,
    json: {
      ...notFound,
      details: `The control API has no such path. Closest: /__sendbox/metrics. ${where}`,
    },
  })
  expect((await call(`${server.url}/__sendbox/xyz`)).json).toEqual({
    ...notFound,
    details: `The control API has no such path. ${where}`,
  })
  expect((await call(`${server.url}/__sendbox/account/1/fault`)).json).toMatchObject({
    details: expect.stringContaining('Closest: /__sendbox/accounts/{accountId}/faults'),
  })
  const longer = await call(`${server.url}/__sendbox/accounts/1/conversation/c/transcript`)
  expect(longer.json).toMatchObject({
    details: `The control API has no such path. Closest: /__sendbox/accounts/{accountId}/conversations/{conversationId}. ${where}`,
  })
  expect((await call(`${server.url}/__sendbox/health/`)).json).toEqual({
    ...notFound,
    details: `The control API has no such path. Closest: /__sendbox/health. ${where}`,
  })
  const wrong = await call(`${server.url}/__sendbox/accounts/1/snapshot`, { method: 'DELETE' })
  expect([wrong.status, wrong.headers.get('allow'), wrong.json]).toEqual([
    405,
    'GET, PUT',
    { title: 'Method Not Allowed', details: `This path takes GET, PUT, not DELETE; ${where}` },
  ])
})

test('says what is wrong with a body before it is read as a value', async () => {
  await using server = await startMockServer()
  const url = `${server.url}/__sendbox/accounts/1/tokens`
  const headers = { 'Content-Type': 'application/json' }
  const answers = [
    await call(url, { method: 'POST', body: '{}' }),
    await call(url, { method: 'POST', headers, body: '{' }),
    await call(url, { method: 'POST', headers, body: `"${'a'.repeat(1_048_577)}"` }),
    await call(`${server.url}/__sendbox/accounts/1/faults`, { method: 'POST' }),
  ]
  expect(
    answers.map(({ status, json }) => [status, (json as { details: string }).details]),
  ).toEqual([
    [415, 'The body must be JSON: send it with "Content-Type: application/json"'],
    [400, 'The body is no JSON in UTF-8, or nested too deeply'],
    [413, 'The body of this call may have 1048576 bytes at most'],
    [415, 'The body must be JSON: send it with "Content-Type: application/json"'],
  ])
})

test('signs tokens for the consumer of the examples where none is named', async () => {
  await using server = await startMockServer({ now: () => 1_000_000_000 })
  const { status, json } = await call(`${server.url}/__sendbox/accounts/1/tokens`, {
    method: 'POST',
  })
  expect([status, json]).toEqual([200, await server.account('1').tokens('example-consumer')])
})

test('signs tokens for a consumer, good for as long as is asked for [AUTH-3]', async () => {
  await using session = await startConsumerSession({ now: () => 1_000_000_000 })
  const { server, accountId, publish } = session
  const url = `${server.url}/__sendbox/accounts/${accountId}/tokens`
  const sign = async (body: object) =>
    (await post(url, { consumer: 'consumer-1', ...body })).json as Record<string, string>
  expect(await sign({})).toEqual(await server.account().tokens('consumer-1'))
  const statusWith = async ({ appJwt = '', consumerJws = '' }: Record<string, string>) =>
    (
      await session.send(
        {
          kind: 'req',
          id: '1',
          type: 'ms.PublishEvent',
          body: { dialogId: session.conversationId, event: text('hi') },
        },
        {
          Authorization: appJwt,
          'X-LP-ON-BEHALF': consumerJws,
          'Content-Type': 'application/json',
        },
      )
    ).status
  const short = await sign({ expiresInMs: 5000, clientId: 'another' })
  const expired = await sign({ expiresInMs: 0 })
  expect([await statusWith(short), await statusWith(expired)]).toEqual([200, 401])
  await server.account().clock.advance(5000)
  expect(await statusWith(short)).toBe(401)
  expect((await publish(text('hi'))).status).toBe(200)
  const claims = JSON.parse(
    Buffer.from(short['appJwt']?.split('.')[1] ?? '', 'base64url').toString(),
  )
  expect(claims).toMatchObject({ azp: 'another', aud: accountId })
  const tooLong = await post(url, { consumer: 'a', expiresInMs: 3_600_001 })
  expect(tooLong).toMatchObject({ status: 400, json: { problems: [{ path: '/expiresInMs' }] } })
  await expect(server.account().tokens('a', { expiresInMs: 3_600_001 })).rejects.toThrow(
    new RangeError('expiresInMs must be 3600000 or less, the lifetime of an AppJWT, not 3600001'),
  )
})

test('advances a clock to the last time that has a date, and no further', async () => {
  await using server = await startMockServer({ now: () => 8.64e15 - 10 })
  const advance = (advanceMs: number) =>
    call(`${server.url}/__sendbox/accounts/1/clock`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ freeze: true, advanceMs }),
    })
  expect(await advance(11)).toMatchObject({
    status: 400,
    json: { details: 'A clock goes to 8640000000000000 ms at most; advance it by less' },
  })
  expect(await advance(10)).toMatchObject({ status: 200, json: { now: 8.64e15, frozen: true } })
})

test('says that it is ready until it closes', async () => {
  const service = createService({})
  await using server = Object.assign(createServer(createExpressApp(service)).listen(0, '127.0.0.1'))
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/__sendbox/ready`
  expect(await call(url)).toMatchObject({ status: 200, json: { status: 'ready' } })
  service.readiness.isClosing = true
  expect(await call(url)).toMatchObject({ status: 503, json: { status: 'closing' } })
})

test('shows profiles by either id of the consumer, and lists the accounts', async () => {
  await using session = await startConsumerSession()
  const { server, accountId } = session
  const profile = { firstName: 'Zoe' }
  await session.close()
  const batch = [
    { kind: 'req', id: '1', type: 'userprofile.SetUserProfile', body: profile },
    { kind: 'req', id: '2', type: 'cm.ConsumerRequestConversation', body: { brandId: accountId } },
  ]
  expect((await session.sendBatch(batch)).status).toBe(200)
  const url = `${server.url}/__sendbox/accounts/${accountId}/profiles`
  const [view] = (await call(url)).json as [{ consumerId: string }]
  expect(view).toEqual({ consumerId: expect.stringMatching(/^[\da-f]{64}$/), profile })
  expect((await call(`${url}/consumer-1`)).json).toEqual(view)
  expect((await call(`${url}/${view.consumerId}`)).json).toEqual(view)
  expect(await call(`${url}/consumer-2`)).toMatchObject({
    status: 404,
    json: {
      details: `Account ${accountId} has no profile of consumer consumer-2: userprofile.SetUserProfile sets one`,
    },
  })
  server.account('idle').clock.freeze()
  expect((await call(`${server.url}/__sendbox/accounts`)).json).toEqual([
    { accountId, active: true, conversations: 2, requests: 2 },
    { accountId: 'idle', active: false, conversations: 0, requests: 0 },
  ])
})
