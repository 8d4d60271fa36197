import { expect, test } from 'vitest'
import { createAppJwt } from '../../create-app-jwt.ts'
import {
  alice,
  closeRequest,
  createTestClient,
  rejectionOf,
  textRequest,
  textTo,
} from '../create-test-client.ts'
import { type StubAnswer, startStubService } from '../start-stub-service.ts'

test('50 first calls at once fetch domains, AppJWT and ConsumerJWS once each', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)

  const calls = Array.from({ length: 50 }, (_, index) => client.send(textTo(`d-${index}`), alice))
  const sequences = (await Promise.all(calls)).map(answer => answer.body.sequence)

  expect(new Set(sequences).size).toBe(50)
  expect(service.requestsTo('/baseURI.json')).toHaveLength(1)
  expect(service.requestsTo('/app/token')).toHaveLength(1)
  expect(service.requestsTo('/consumer')).toHaveLength(1)
  expect(service.requestsTo('/send')).toHaveLength(50)
})

test('each consumer has a ConsumerJWS of their own, under one AppJWT [EP-13]', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)

  for (const consumer of ['alice', 'bob', 'alice']) await client.send(textRequest, { consumer })

  expect(service.requestsTo('/app/token')).toHaveLength(1)
  expect(service.requestsTo('/consumer').map(({ body }) => JSON.parse(body))).toEqual([
    { ext_consumer_id: 'alice' },
    { ext_consumer_id: 'bob' },
  ])
  expect(service.requestsTo('/send').map(({ headers }) => headers['X-LP-ON-BEHALF'])).toEqual([
    'jws-of-alice',
    'jws-of-bob',
    'jws-of-alice',
  ])
})

test('the AppJWT is renewed 60 s before its exp, once for all calls that wait [AUTH-3]', async () => {
  await using service = await startStubService()
  let nowMs = 1_000_000_000
  await using client = createTestClient(service, { now: () => nowMs })
  const first = createAppJwt({ exp: 1_000_000 + 3600 })
  const second = createAppJwt({ exp: 1_000_000 + 7200 })
  const issued = [first, second]
  service.answer(({ url }) =>
    url.includes('/app/token')
      ? { status: 200, body: { access_token: issued.shift(), token_type: 'Bearer' } }
      : undefined,
  )

  await client.send(textRequest, alice)
  nowMs += 3_540_000 - 1
  await client.send(textRequest, alice)
  nowMs += 1
  await Promise.all(Array.from({ length: 20 }, () => client.send(textRequest, alice)))

  expect(service.requestsTo('/app/token')).toHaveLength(2)
  expect(service.requestsTo('/consumer')).toHaveLength(1)
  expect(service.requestsTo('/send').map(({ headers }) => headers['Authorization'])).toEqual([
    first,
    first,
    ...Array.from({ length: 20 }, () => second),
  ])
})

test('a failed AppJWT fetch reaches all who wait for it and is not kept', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const refusal = { error: 'invalid_client', error_description: 'Unknown client' }
  service.answer(({ url }) =>
    url.includes('/app/token') ? { status: 401, body: refusal } : undefined,
  )

  const waiting = Array.from({ length: 5 }, (_, index) =>
    rejectionOf(client.send(textTo(`d-${index}`), alice)),
  )
  const codes = (await Promise.all(waiting)).map(error => (error as { code: string }).code)
  expect(codes).toEqual(Array.from({ length: 5 }, () => 'TOKEN_REFUSED'))
  expect(service.requestsTo('/app/token')).toHaveLength(1)

  service.answer(() => undefined)
  expect(await client.send(textRequest, alice)).toHaveProperty('body.sequence', 0)
  expect(service.requestsTo('/app/token')).toHaveLength(2)
})

test('a failed ConsumerJWS fetch is not kept', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  service.answer(({ url }) => (url.includes('/consumer?') ? { status: 503 } : undefined))
  expect(await rejectionOf(client.send(textRequest, alice))).toHaveProperty('status', 503)

  service.answer(() => undefined)

  expect(await client.send(textRequest, alice)).toHaveProperty('body.sequence', 0)
})

test('a failed look-up of the domains is not kept', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  service.answer(({ url }) => (url.includes('/baseURI') ? { status: 503 } : undefined))
  expect(await rejectionOf(client.send(textRequest, alice))).toHaveProperty('status', 503)

  service.answer(() => undefined)

  expect(await client.send(textRequest, alice)).toHaveProperty('body.sequence', 0)
  expect(service.requestsTo('/baseURI.json')).toHaveLength(4 + 1)
})

test('a look-up of the domains that leaves a service out is not kept', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  service.answer(({ url }) =>
    url.includes('/baseURI') ? { status: 200, body: { baseURIs: [] } } : undefined,
  )
  expect(await rejectionOf(client.send(textRequest, alice))).toHaveProperty(
    'code',
    'INVALID_RESPONSE',
  )

  service.answer(() => undefined)

  expect(await client.send(textRequest, alice)).toHaveProperty('body.sequence', 0)
})

const refusalOf = (errorCode: number) => ({
  status: 401,
  body: {
    kind: 'resp',
    code: 401,
    body: { title: 'Invalid', details: 'is invalid', errorCode },
    type: '.ReqBody$ErrorResp',
  },
})

test('a refused AppJWT is renewed once for all calls, and each is repeated with the new one [AUTH-6]', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const tokens = ['first', 'second', 'third']
  service.answer(({ url, headers }) => {
    if (url.includes('/app/token')) {
      return { status: 200, body: { access_token: tokens.shift(), token_type: 'Bearer' } }
    }
    const isStale = url.includes('/send') && headers['Authorization'] === 'first'
    return isStale ? refusalOf(40102) : undefined
  })

  const calls = Array.from({ length: 20 }, (_, index) => client.send(textTo(`d-${index}`), alice))
  await Promise.all(calls)

  expect(tokens).toEqual(['third'])
  expect(service.requestsTo('/send')).toHaveLength(40)
})

test('an AppJWT is renewed by the errorCode of its refusal alone [AUTH-5]', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const answers: StubAnswer[] = [{ status: 401, body: { body: { errorCode: 40102 } } }]
  service.answer(({ url }) => (url.includes('/send') ? answers.shift() : undefined))

  expect(await client.send(textRequest, alice)).toHaveProperty('body.sequence', 0)
  expect(service.requestsTo('/app/token')).toHaveLength(2)
})

test('an AppJWT that is refused twice is an error, and the next call fetches a third', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  service.answer(({ url }) => (url.includes('/send') ? refusalOf(40102) : undefined))
  const error = await rejectionOf(client.send(textRequest, alice))
  expect(error).toMatchObject({ errorCode: 40102, isRetryable: true, attempts: 2 })

  service.answer(() => undefined)

  expect(await client.send(textRequest, alice)).toHaveProperty('body.sequence', 0)
  expect(service.requestsTo('/app/token')).toHaveLength(3)
})

test('an AppJWT that is refused for a ConsumerJWS is renewed once too', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const answers = [refusalOf(40102)]
  service.answer(({ url }) => (url.includes('/consumer?') ? answers.shift() : undefined))

  expect(await client.send(textRequest, alice)).toHaveProperty('body.sequence', 0)
  expect(service.requestsTo('/app/token')).toHaveLength(2)
  expect(service.requestsTo('/consumer')).toHaveLength(2)
})

test('a ConsumerJWS that is refused is not repeated, and the next call fetches another [AUTH-6]', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const answers = [refusalOf(40103)]
  service.answer(({ url }) => (url.includes('/send') ? answers.shift() : undefined))
  const error = await rejectionOf(client.send(textRequest, alice))
  expect(error).toMatchObject({ errorCode: 40103, isRetryable: false, attempts: 1 })

  await client.send(textRequest, alice)

  expect(service.requestsTo('/app/token')).toHaveLength(1)
  expect(service.requestsTo('/consumer')).toHaveLength(2)
})

test('after a connection failure the repeat of the same call looks the domains up again', async () => {
  await using oldHome = await startStubService()
  await using newHome = await startStubService()
  await using client = createTestClient(oldHome)
  const account = { account: '12345678', baseURI: newHome.host }
  oldHome.answer(({ url }) => {
    if (url.includes('/send')) return { cut: 'before' }
    const isMoved = url.includes('/baseURI') && oldHome.requestsTo('/send').length > 0
    return isMoved
      ? {
          status: 200,
          body: { baseURIs: [{ service: 'asyncMessagingEnt', ...account }] },
        }
      : undefined
  })

  await client.send(closeRequest, alice)

  expect(oldHome.requestsTo('/send')).toHaveLength(1)
  expect(newHome.requestsTo('/send')).toHaveLength(1)
})

test('after a connection failure the domains are looked up again', async () => {
  await using oldHome = await startStubService()
  await using newHome = await startStubService()
  await using client = createTestClient(oldHome)
  oldHome.answer(({ url }) => (url.includes('/send') ? { cut: 'before' } : undefined))
  expect(await rejectionOf(client.send(textRequest, alice))).toHaveProperty(
    'code',
    'CONNECTION_FAILED',
  )

  const account = { account: '12345678', baseURI: newHome.host }
  oldHome.answer(() => ({
    status: 200,
    body: { baseURIs: [{ service: 'asyncMessagingEnt', ...account }] },
  }))

  expect(await client.send(textRequest, alice)).toHaveProperty('body.sequence', 0)
  expect(newHome.requests.map(({ method }) => method)).toEqual(['POST'])
})
