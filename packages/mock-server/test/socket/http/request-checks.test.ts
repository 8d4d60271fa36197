import { decodeJwt, importJWK, SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { testPrivateJwk } from '../../../src/tokens/test-key-pair.ts'
import { call, errorOf, startConsumerSession, text } from '../consumer-session.ts'

const sign = async (claims: Record<string, unknown>, header = {}): Promise<string> =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: testPrivateJwk.kid, ...header })
    .sign(await importJWK({ ...testPrivateJwk }))

const nowMs = 1_700_000_000_000
const iat = nowMs / 1000
const appClaims = {
  aud: '12345678',
  azp: 'sendbox-client',
  scope: 'msg.consumer',
  iss: 'Sentinel',
  iat,
  exp: iat + 3600,
}
const consumerClaims = {
  account_id: '12345678',
  ext_consumer_id: 'consumer-1',
  lp_consumer_id: 'a'.repeat(64),
}

const missingAppJwt = errorOf(
  401,
  40105,
  'AppJWT is missing',
  'AUTHORIZATION header is not present',
)
const invalidAppJwt = errorOf(401, 40102, 'Invalid AppJWT', 'AppJWT has expired or is invalid')
const missingClaim = errorOf(400, 40001, 'Missing parameter', 'Brand Id is missing')
const missingConsumerJws = errorOf(
  401,
  40104,
  'ConsumerJWS is missing',
  'X_ON_BEHALF_HEADER is not present',
)
const invalidConsumerJws = errorOf(401, 40103, 'Invalid ConsumerJWS', 'ConsumerJWS is invalid')

test('accepts an AppJWT bare and after Bearer, until the second it expires [AUTH-1.1, AUTH-1.2, AUTH-3]', async () => {
  let now = nowMs
  await using session = await startConsumerSession({ now: () => now })
  const { headers } = session
  const bare = await session.publish(text('bare'))
  const body = { id: 1, type: 'ms.PublishEvent', body: { dialogId: 'none', event: text('x') } }
  const bearer = await session.send(body, {
    ...headers,
    Authorization: `Bearer ${headers['Authorization']}`,
  })
  expect([bare.status, bearer.status]).toEqual([200, 404])
  now += 3_600_000 - 1000
  expect((await session.publish(text('last second'))).status).toBe(200)
  now += 1000
  const expired = await session.publish(text('too late'))
  expect([expired.status, expired.json]).toEqual([401, invalidAppJwt])
})

test('refuses missing, foreign and broken tokens with the documented errors [AUTH-4, AUTH-5, AUTH-6, AUTH-8, AUTH-10]', async () => {
  await using session = await startConsumerSession({ now: () => nowMs })
  const { Authorization: appJwt = '', 'X-LP-ON-BEHALF': consumerJws = '' } = session.headers
  const other = await session.server.account('87654321').tokens('consumer-1')
  const app = (claims: object) => sign({ ...appClaims, ...claims })
  const unsigned = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${appJwt.split('.')[1]}.`
  const cases: [string, string | undefined, string | undefined, unknown][] = [
    ['no AppJWT', undefined, undefined, missingAppJwt],
    ['an empty AppJWT', '', consumerJws, missingAppJwt],
    ['text as AppJWT', 'not-a-token', consumerJws, invalidAppJwt],
    [
      'an AppJWT with a changed signature',
      `${appJwt.slice(0, -8)}AAAAAAAA`,
      consumerJws,
      invalidAppJwt,
    ],
    ['an AppJWT without a signature', unsigned, consumerJws, invalidAppJwt],
    [
      'an AppJWT with a foreign kid',
      await sign(appClaims, { kid: 'foreign' }),
      consumerJws,
      invalidAppJwt,
    ],
    ['an AppJWT of another account', other.appJwt, consumerJws, invalidAppJwt],
    ['an expired AppJWT', await app({ exp: iat }), consumerJws, invalidAppJwt],
    ['a ConsumerJWS as AppJWT', consumerJws, consumerJws, missingClaim],
    ['an AppJWT of another issuer', await app({ iss: 'Other' }), consumerJws, missingClaim],
    ['no ConsumerJWS', appJwt, undefined, missingConsumerJws],
    ['text as ConsumerJWS', appJwt, 'not-a-token', invalidConsumerJws],
    ['a ConsumerJWS of another account', appJwt, other.consumerJws, invalidConsumerJws],
    ['an AppJWT as ConsumerJWS', appJwt, appJwt, invalidConsumerJws],
    [
      'a short lp_consumer_id',
      appJwt,
      await sign({ ...consumerClaims, lp_consumer_id: 'a' }),
      invalidConsumerJws,
    ],
    ['another consumer', appJwt, await sign(consumerClaims), invalidConsumerJws],
  ]
  for (const claim of Object.keys(appClaims))
    cases.push([
      `an AppJWT without ${claim}`,
      await app({ [claim]: undefined }),
      consumerJws,
      missingClaim,
    ])
  const request = {
    id: 1,
    type: 'ms.PublishEvent',
    body: { dialogId: session.conversationId, event: text('x') },
  }
  for (const [name, authorization, onBehalf, expected] of cases) {
    const answer = await session.send(request, {
      'Content-Type': 'application/json',
      ...(authorization !== undefined && { Authorization: authorization }),
      ...(onBehalf !== undefined && { 'X-LP-ON-BEHALF': onBehalf }),
    })
    expect({ name, status: answer.status, body: answer.json }).toEqual({
      name,
      status: (expected as { code: number }).code,
      body: expected,
    })
  }
  expect((await session.publish(text('first'))).json).toMatchObject({ body: { sequence: 0 } })
})

test('takes the ConsumerJWS bare, and acts for the consumer that it names [AUTH-2]', async () => {
  await using session = await startConsumerSession()
  await session.publish(text('mine'))
  const view = await session.server.account().conversations.get(session.conversationId)
  const { lp_consumer_id } = decodeJwt(session.headers['X-LP-ON-BEHALF'] ?? '')
  expect(view?.dialogs[0]?.transcript).toMatchObject([{ originatorId: lp_consumer_id }])
})

test('answers 401 to a consumer who touches the conversation of another [AUTH-9.1, AUTH-9.2]', async () => {
  await using session = await startConsumerSession()
  const account = session.server.account()
  const { conversationId } = await account.conversations.open('consumer-2')
  const closing = { field: 'ConversationStateField', conversationState: 'CLOSE' }
  const requests = [
    { id: 1, type: 'ms.PublishEvent', body: { dialogId: conversationId, event: text('x') } },
    {
      id: 1,
      type: 'cm.UpdateConversationField',
      body: { conversationId, conversationField: closing },
    },
  ]
  for (const request of requests) {
    const answer = await session.send(request)
    expect([answer.status, answer.json]).toEqual([401, invalidConsumerJws])
  }
  const view = await account.conversations.get(conversationId)
  expect(view).toMatchObject({ stage: 'OPEN', dialogs: [{ transcript: [] }] })
})

test('answers 429 above the rate, asks for a second of patience, and does nothing [RES-8.1, RES-8.2]', async () => {
  const settings = { limits: { requestsPerSecond: 1 } }
  await using session = await startConsumerSession({ now: () => nowMs, settings })
  const first = await session.publish(text('one'))
  const second = await session.publish(text('two'))
  expect([first.status, first.headers.get('retry-after')]).toEqual([200, null])
  expect([second.status, second.headers.get('retry-after')]).toEqual([429, '1'])
  expect(second.json).toEqual(errorOf(429, 42950, 'Too Many Requests', 'Too many requests', '1'))
  const view = await session.server.account().conversations.get(session.conversationId)
  expect(view?.dialogs[0]?.nextSequence).toBe(1)
})

test('accepts an issuer in any letter case [AUTH-8]', async () => {
  await using session = await startConsumerSession({ now: () => nowMs })
  const request = {
    id: 1,
    type: 'ms.PublishEvent',
    body: { dialogId: session.conversationId, event: text('x') },
  }
  const Authorization = await sign({ ...appClaims, iss: 'sentinel' })
  expect((await session.send(request, { ...session.headers, Authorization })).status).toBe(200)
})

test('follows the settings for a missing AppJWT, a missing claim and the body of a 400 [AUTH-7, AUTH-8a, RES-6]', async () => {
  await using session = await startConsumerSession({
    now: () => nowMs,
    settings: {
      missingAppJwtErrorCode: 40104,
      missingClaimStatus: 401,
      errors: { body: 'string' },
    },
  })
  const withoutApp = await session.send({}, { 'Content-Type': 'application/json' })
  expect([withoutApp.status, withoutApp.json]).toEqual([
    401,
    errorOf(401, 40104, 'AppJWT is missing', 'AUTHORIZATION header is not present'),
  ])
  const Authorization = await sign({ ...appClaims, azp: undefined })
  const withoutClaim = await session.send({}, { ...session.headers, Authorization })
  expect([withoutClaim.status, withoutClaim.json]).toEqual([
    401,
    errorOf(401, 40001, 'Missing parameter', 'Brand Id is missing'),
  ])
  const badType = await session.send({ id: 1, type: 'ms.Foo' })
  expect(badType.json).toEqual({
    kind: 'resp',
    reqId: '1',
    code: 400,
    body: 'Unsupported type ms.Foo',
    type: '.ReqBody$ErrorResp',
  })
})

test.each([
  ['no version [EP-3.2]', ''],
  ['another version [EP-3.1]', '?v=2'],
  ['3.0 [EP-3.2]', '?v=3.0'],
  ['03 [EP-3.2]', '?v=03'],
  ['a repeated version [EP-3.2]', '?v=3&v=3'],
])('answers %s with 404', async (_, query) => {
  await using session = await startConsumerSession()
  for (const url of [session.sendUrl, session.batchUrl]) {
    const answer = await call(url.replace('?v=3', query), {
      method: 'POST',
      headers: session.headers,
      body: '{}',
    })
    expect(answer.status).toBe(404)
    expect(answer.json).toEqual(errorOf(404, 40450, 'Not Found', 'API version not supported'))
  }
})

const notJson = errorOf(400, 40050, 'Bad Request', 'Request body is not valid JSON')
const wrongType = errorOf(
  415,
  41550,
  'Unsupported Media Type',
  'Content-Type must be application/json',
)
const wrongEncoding = errorOf(
  415,
  41551,
  'Unsupported Media Type',
  'Content-Encoding zstd-x is not supported',
)
const tooLarge = errorOf(413, 41350, 'Payload Too Large', 'Request body is too large')

test.each<[string, string | Uint8Array<ArrayBuffer>, Record<string, string>, unknown]>([
  ['broken JSON', '{"id":', {}, notJson],
  ['an empty body', '', {}, notJson],
  ['bytes that are no UTF-8', new Uint8Array([0x22, 0xff, 0x22]), {}, notJson],
  ['a body that is not compressed as it says', '{}', { 'Content-Encoding': 'gzip' }, notJson],
  ['a form [REQ-7.2]', '{}', { 'Content-Type': 'application/x-www-form-urlencoded' }, wrongType],
  ['an unknown encoding', '{}', { 'Content-Encoding': 'zstd-x' }, wrongEncoding],
  [
    'over 1 MiB of another type',
    ' '.repeat(1024 * 1024 + 1),
    { 'Content-Type': 'text/plain' },
    tooLarge,
  ],
])('refuses %s', async (_, body, headers, expected) => {
  await using session = await startConsumerSession()
  const answer = await call(session.sendUrl, {
    method: 'POST',
    headers: { ...session.headers, ...headers },
    body,
  })
  expect({ status: answer.status, body: answer.json }).toEqual({
    status: (expected as { code: number }).code,
    body: expected,
  })
})

test('reads a body of exactly 1 MiB, and a media type with parameters [REQ-7.1]', async () => {
  await using session = await startConsumerSession()
  const request = JSON.stringify({
    id: 1,
    type: 'ms.PublishEvent',
    body: { dialogId: session.conversationId, event: text('x') },
  })
  const answer = await call(session.sendUrl, {
    method: 'POST',
    headers: { ...session.headers, 'Content-Type': 'application/json; charset=UTF-8' },
    body: request.padEnd(1024 * 1024, ' '),
  })
  expect(answer.status).toBe(200)
})

test('names the method that a path takes, before it looks at tokens', async () => {
  await using session = await startConsumerSession()
  const answer = await call(session.sendUrl, { method: 'PUT', body: '{}' })
  expect(answer.status).toBe(405)
  expect(answer.headers.get('allow')).toBe('POST')
  expect(answer.json).toEqual(errorOf(405, 40550, 'Method Not Allowed', 'Method not allowed'))
})

test.each([
  ['an unknown path', '/api/nothing'],
  ['another letter case', '/api/account/12345678/Service/baseURI.json?version=1.0'],
  ['a slash at the end', '/api/account/12345678/service/baseURI.json/?version=1.0'],
  ['a broken percent sign', '/api/account/%E0%A4%A/service/baseURI.json?version=1.0'],
])('answers %s with 404', async (_, path) => {
  await using session = await startConsumerSession()
  const answer = await call(`${session.server.url}${path}`)
  expect([answer.status, answer.json]).toEqual([
    404,
    errorOf(404, 40452, 'Not Found', 'No such path'),
  ])
})

test('checks in the order of AUTH-11: each fault hides those that come after it [AUTH-11]', async () => {
  await using session = await startConsumerSession()
  const { headers, conversationId } = session
  const publishTo = (dialogId: string, type = 'ms.PublishEvent') =>
    JSON.stringify({ id: 1, type, body: { dialogId, event: text('x') } })
  const faults: [number, { headers?: object; query?: string; body?: string }][] = [
    [40105, { headers: { Authorization: '' } }],
    [40102, { headers: { Authorization: 'broken' } }],
    [40104, { headers: { 'X-LP-ON-BEHALF': '' } }],
    [40103, { headers: { 'X-LP-ON-BEHALF': 'broken' } }],
    [40450, { query: '?v=4' }],
    [41350, { body: ' '.repeat(1024 * 1024 + 1) }],
    [41550, { headers: { 'Content-Type': 'text/plain' } }],
    [40050, { body: '{' }],
    [40051, { body: '[]' }],
    [40053, { body: publishTo('', 'ms.Foo') }],
    [40052, { body: publishTo('') }],
    [40451, { body: publishTo('nowhere') }],
    [
      40103,
      {
        body: publishTo(
          (await session.server.account().conversations.open('other')).conversationId,
        ),
      },
    ],
  ]
  const codes: unknown[] = []
  for (const index of faults.keys()) {
    const merged = faults.slice(index).toReversed()
    const answer = await call(
      session.sendUrl.replace('?v=3', merged.findLast(([, f]) => f.query)?.[1].query ?? '?v=3'),
      {
        method: 'POST',
        headers: Object.assign({ ...headers }, ...merged.map(([, fault]) => fault.headers)),
        body: merged.findLast(([, f]) => f.body)?.[1].body ?? publishTo(conversationId),
      },
    )
    codes.push((answer.json as { body: { errorCode: number } }).body.errorCode)
  }
  expect(codes).toEqual(faults.map(([errorCode]) => errorCode))
})
