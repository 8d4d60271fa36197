import {
  AppTokenErrorSchema,
  AppTokenResponseSchema,
  ConsumerResponseSchema,
} from '@sendbox/schema'
import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  type JSONWebKeySet,
  jwtVerify,
} from 'jose'
import { expect, test } from 'vitest'
import { startMockServer } from '../../../src/index.ts'
import { call, errorOf, startConsumerSession } from '../consumer-session.ts'

const tokenPath = '/sentinel/api/account/12345678/app/token'
const credentials = { client_id: 'sendbox-client', client_secret: 'sendbox-secret' }
const grant = { v: '1.0', grant_type: 'client_credentials' }
const now = () => 1_700_000_000_500
const search = (parameters: Record<string, string>) =>
  `?${new URLSearchParams(parameters).toString()}`
const form = (parameters: Record<string, string>): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(parameters),
})

test('signs an AppJWT with the documented header and claims [EP-9, EP-11, AUTH-3]', async () => {
  await using server = await startMockServer({ now })
  const answer = await call(`${server.url}${tokenPath}${search(grant)}`, form(credentials))
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('application/json;charset=utf-8')
  const { access_token, ...rest } = AppTokenResponseSchema.parse(answer.json)
  expect(rest).toEqual({ token_type: 'Bearer', expires_in: 3600 })
  expect(decodeProtectedHeader(access_token)).toEqual({
    alg: 'RS256',
    typ: 'JWT',
    kid: expect.stringMatching(/^appjwt-\d\d-\d\d-\d\d$/),
  })
  expect(decodeJwt(access_token)).toEqual({
    aud: '12345678',
    azp: 'sendbox-client',
    scope: 'msg.consumer',
    iss: 'Sentinel',
    iat: 1_700_000_000,
    exp: 1_700_003_600,
  })
})

test('serves the public key that verifies its tokens', async () => {
  await using server = await startMockServer()
  const { appJwt, consumerJws } = await server.account().tokens('zoe')
  const { keys } = (await call(`${server.url}/__sendbox/jwks.json`)).json as JSONWebKeySet
  expect(keys.map(key => Object.keys(key).toSorted())).toEqual([
    ['alg', 'e', 'kid', 'kty', 'n', 'use'],
  ])
  for (const token of [appJwt, consumerJws]) {
    const { payload } = await jwtVerify(token, createLocalJWKSet({ keys }))
    expect(payload).toEqual(decodeJwt(token))
  }
})

test('takes the parameters from the query, with a JSON body, and in version 2.0 [EP-10.1, EP-10.2, EP-11]', async () => {
  await using server = await startMockServer({ settings: { token: { expiresIn: false } } })
  const url = `${server.url}${tokenPath}${search({ ...grant, v: '2.0', ...credentials })}`
  for (const init of [
    { method: 'POST' },
    { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } },
  ]) {
    const answer = await call(url, init)
    expect([answer.status, Object.keys(answer.json as object)]).toEqual([
      200,
      ['access_token', 'token_type'],
    ])
  }
})

test('a shorter lifetime is in token and answer, and ends the token by the clock of the account [AUTH-3, EP-11]', async () => {
  await using session = await startConsumerSession({ settings: { token: { lifetimeSeconds: 60 } } })
  const { server, headers, send, accountId } = session
  const { clock, tokens } = server.account()
  clock.freeze()
  const path = tokenPath.replace('12345678', accountId)
  const answer = await call(`${server.url}${path}${search({ ...grant, ...credentials })}`, {
    method: 'POST',
  })
  const { access_token, expires_in } = answer.json as Record<string, string>
  const { iat = 0, exp } = decodeJwt(access_token ?? '')
  expect([exp, expires_in]).toEqual([iat + 60, 60])
  const statusWith = async (appJwt = '') =>
    (await send({}, { ...headers, Authorization: appJwt })).status
  expect(await statusWith(access_token)).toBe(400)
  await clock.advance(60_000)
  expect(await statusWith(access_token)).toBe(401)
  const { appJwt } = await tokens('zoe', { expiresInMs: 60_000 })
  expect(await statusWith(appJwt)).toBe(400)
  await expect(tokens('zoe', { expiresInMs: 60_001 })).rejects.toThrow('60000 or less')
})

test.each([
  ['no grant_type', { v: '1.0' }, credentials, 400, 'invalid_request'],
  ['another grant_type', { grant_type: 'password' }, credentials, 400, 'unsupported_grant_type'],
  [
    'a parameter with two values',
    grant,
    { ...credentials, grant_type: 'x' },
    400,
    'invalid_request',
  ],
  ['no client', grant, {}, 401, 'invalid_client'],
  ['a wrong secret', grant, { ...credentials, client_secret: 'x' }, 401, 'invalid_client'],
  ['a wrong client', grant, { ...credentials, client_id: 'x' }, 401, 'invalid_client'],
])('refuses %s as OAuth 2.0 has it [EP-12.1, EP-12.2]', async (_, query, fields, status, error) => {
  await using server = await startMockServer()
  const answer = await call(`${server.url}${tokenPath}${search(query)}`, form(fields))
  expect([answer.status, AppTokenErrorSchema.parse(answer.json).error]).toEqual([status, error])
  expect(answer.text).not.toContain('sendbox-secret')
})

test('refuses a form that cannot be read', async () => {
  await using server = await startMockServer()
  const answer = await call(`${server.url}${tokenPath}`, {
    method: 'POST',
    body: 'x'.repeat(1_100_000),
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  })
  expect([answer.status, answer.json]).toEqual([
    400,
    { error: 'invalid_request', error_description: 'The form cannot be read' },
  ])
})

test.each(['?v=1.0', ''])(
  'signs a ConsumerJWS with the documented claims, query "%s" [EP-13, EP-14.1, AUTH-4, AUTH-4a]',
  async query => {
    await using server = await startMockServer()
    const account = server.account()
    const { appJwt } = await account.tokens('unused')
    const sign = (ext_consumer_id: string) =>
      call(`${server.url}/api/account/12345678/consumer${query}`, {
        method: 'POST',
        headers: { Authorization: appJwt, 'Content-Type': 'application/json' },
        body: JSON.stringify({ ext_consumer_id }),
      })
    const answer = await sign('zoë')
    expect(answer.status).toBe(201)
    const { token } = ConsumerResponseSchema.parse(answer.json)
    expect(decodeJwt(token)).toEqual({
      account_id: '12345678',
      ext_consumer_id: 'zoë',
      lp_consumer_id: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect((await sign('zoë')).json).toEqual({ token })
    const other = ConsumerResponseSchema.parse((await sign('zoe')).json).token
    expect(decodeJwt(other)['lp_consumer_id']).not.toBe(decodeJwt(token)['lp_consumer_id'])
  },
)

test.each([
  ['an empty ext_consumer_id', '{"ext_consumer_id":""}'],
  ['a number', '{"ext_consumer_id":1}'],
  ['none', '{}'],
  ['an array', '[]'],
])('refuses %s with 40052 [EP-14.2]', async (_, body) => {
  await using server = await startMockServer()
  const { appJwt } = await server.account().tokens('unused')
  const answer = await call(`${server.url}/api/account/12345678/consumer`, {
    method: 'POST',
    headers: { Authorization: appJwt, 'Content-Type': 'application/json' },
    body,
  })
  const details = '/ext_consumer_id: expected a string that is not empty'
  expect([answer.status, answer.json]).toEqual([400, errorOf(400, 40052, 'Bad Request', details)])
})

test('asks for an AppJWT of this account before it signs a ConsumerJWS [EP-14.2]', async () => {
  await using server = await startMockServer()
  const { appJwt } = await server.account('87654321').tokens('unused')
  const codes: unknown[] = []
  for (const headers of [{}, { Authorization: appJwt }]) {
    const answer = await call(`${server.url}/api/account/12345678/consumer`, {
      method: 'POST',
      headers,
      body: '{}',
    })
    codes.push((answer.json as { body: { errorCode: number } }).body.errorCode)
  }
  expect(codes).toEqual([40105, 40102])
})
