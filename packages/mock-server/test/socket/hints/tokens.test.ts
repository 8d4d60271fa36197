import { importJWK, SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { testPrivateJwk, testPublicJwk } from '../../../src/tokens/test-key-pair.ts'
import { toLpConsumerId } from '../../../src/tokens/token-service.ts'
import { expectReason, type SentHeaders, startHintSession } from './refused-call.ts'

const now = 1_700_000_000_000
const iat = now / 1000
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
  lp_consumer_id: toLpConsumerId('12345678', 'consumer-1'),
}

const sign = async (claims: object, header: object = {}): Promise<string> =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: testPublicJwk.kid, ...header })
    .sign(await importJWK({ ...testPrivateJwk }))

const hs256 = (claims: object): Promise<string> =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode('a-secret-of-somebody-else'))

type Case = [
  string,
  (app: string, jws: string) => Promise<SentHeaders> | SentHeaders,
  unknown,
  ...string[],
]

const cases: Case[] = [
  [
    'the scheme jwt',
    app => ({ Authorization: `jwt ${app}` }),
    40102,
    'Authorization',
    'scheme "jwt"',
  ],
  [
    'the scheme Basic',
    () => ({ Authorization: 'Basic c2VuZGJveDpzZWNyZXQ=' }),
    40102,
    'scheme "Basic"',
    'token endpoint',
  ],
  ['a scheme with a colon', app => ({ Authorization: `Token: ${app}` }), 40102, 'scheme "Token"'],
  ['Bearer without a space', app => ({ Authorization: `Bearer${app}` }), 40102, 'without a space'],
  ['Bearer twice', app => ({ Authorization: `Bearer Bearer ${app}` }), 40102, 'scheme "Bearer"'],
  ['Bearer alone', () => ({ Authorization: 'Bearer' }), 40102, 'a scheme without a token'],
  ['a quoted AppJWT', app => ({ Authorization: `"${app}"` }), 40102, 'in quotes'],
  [
    'a quoted AppJWT after Bearer',
    app => ({ Authorization: `Bearer '${app}'` }),
    40102,
    'in quotes',
  ],
  ['the word undefined', () => ({ Authorization: 'undefined' }), 40102, 'the word undefined'],
  ['Bearer null', () => ({ Authorization: 'Bearer null' }), 40102, 'the word null'],
  ['[object Object]', () => ({ 'X-LP-ON-BEHALF': '[object Object]' }), 40103, '[object Object]'],
  ['a placeholder', () => ({ Authorization: '{{appJwt}}' }), 40102, 'placeholder'],
  [
    'the whole token answer',
    app => ({ Authorization: JSON.stringify({ access_token: app }) }),
    40102,
    'JSON',
    'access_token',
  ],
  [
    'a token cut off',
    app => ({ Authorization: app.slice(0, -9) }),
    40102,
    'wrong signature',
    'cut off',
  ],
  [
    'a token without its signature',
    app => ({ Authorization: app.split('.').slice(0, 2).join('.') }),
    40102,
    '2 parts',
  ],
  ['a text', () => ({ Authorization: 'my-token' }), 40102, '1 part:'],
  [
    'three parts that are no token',
    () => ({ Authorization: 'a.b.c' }),
    40102,
    'not JSON in base64url',
  ],
  [
    'percent escapes',
    app => ({ Authorization: app.replaceAll('.', '%2E') }),
    40102,
    'percent escapes',
  ],
  ['two AppJWTs in one header', app => ({ Authorization: `${app},${app}` }), 40102, 'comma'],
  [
    'an AppJWT that comes twice',
    () => ({ Authorization: ['my-token', 'my-token'] }),
    40102,
    '2 times',
  ],
  [
    'an AppJWT of another alg',
    async () => ({ Authorization: await hs256(appClaims) }),
    40102,
    'alg "HS256"',
  ],
  [
    'an AppJWT of production',
    async () => ({ Authorization: await sign(appClaims, { kid: 'appjwt-13-05-17' }) }),
    40102,
    'a foreign key signed',
    'appjwt-13-05-17',
  ],
  [
    'an AppJWT of another typ',
    async () => ({ Authorization: await sign(appClaims, { typ: 'at+jwt' }) }),
    40102,
    'typ is not JWT',
  ],
  [
    'an expired AppJWT',
    async () => ({ Authorization: await sign({ ...appClaims, exp: iat - 60 }) }),
    40102,
    'expired at 2023-11-14T22:12:20.000Z',
    '2023-11-14T22:13:20.000Z',
  ],
  [
    'an AppJWT that is not yet valid',
    async () => ({ Authorization: await sign({ ...appClaims, nbf: iat + 60 }) }),
    40102,
    'not yet valid, until 2023-11-14T22:14:20.000Z',
  ],
  [
    'an AppJWT of another account',
    async () => ({ Authorization: await sign({ ...appClaims, aud: '87654321' }) }),
    40102,
    'of account "12345678"',
    'of account "87654321"',
  ],
  [
    'an AppJWT without claims',
    async () => ({ Authorization: await sign({ ...appClaims, azp: undefined, scope: undefined }) }),
    40001,
    'the claim azp, scope',
  ],
  [
    'an AppJWT of another issuer',
    async () => ({ Authorization: await sign({ ...appClaims, iss: 'mine' }) }),
    40001,
    'issuer "mine"',
    'Sentinel',
  ],
  [
    'an AppJWT whose exp is text',
    async () => ({
      Authorization: await sign({ ...appClaims, exp: undefined }).then(() =>
        sign({ ...appClaims, nbf: 'soon' }),
      ),
    }),
    40102,
    'nbf is no number',
  ],
  [
    'a ConsumerJWS as AppJWT',
    (_, jws) => ({ Authorization: jws }),
    40001,
    'a ConsumerJWS',
    'X-LP-ON-BEHALF',
  ],
  [
    'both tokens swapped',
    (app, jws) => ({ Authorization: jws, 'X-LP-ON-BEHALF': app }),
    40001,
    'the two tokens are swapped',
  ],
  [
    'an AppJWT as ConsumerJWS',
    app => ({ 'X-LP-ON-BEHALF': app }),
    40103,
    'an AppJWT',
    'belongs into Authorization',
  ],
  ['no AppJWT', () => ({ Authorization: undefined }), 40105, 'no such header'],
  ['an empty AppJWT', () => ({ Authorization: '' }), 40105, 'an empty value'],
  [
    'an AppJWT in X-Authorization',
    app => ({ Authorization: undefined, 'X-Authorization': app }),
    40105,
    '"X-Authorization"',
  ],
  [
    'an AppJWT in Authorisation',
    app => ({ Authorization: undefined, Authorisation: app }),
    40105,
    '"Authorisation"',
  ],
  [
    'LP-ON-BEHALF',
    (_, jws) => ({ 'X-LP-ON-BEHALF': undefined, 'LP-ON-BEHALF': jws }),
    40104,
    '"LP-ON-BEHALF"',
    'Messaging REST API',
  ],
  [
    'X_LP_ON_BEHALF',
    (_, jws) => ({ 'X-LP-ON-BEHALF': undefined, X_LP_ON_BEHALF: jws }),
    40104,
    '"X_LP_ON_BEHALF"',
    'underscores',
  ],
  [
    'X-LP-ON-BEHALF-OF',
    (_, jws) => ({ 'X-LP-ON-BEHALF': undefined, 'X-LP-ON-BEHALF-OF': jws }),
    40104,
    '"X-LP-ON-BEHALF-OF"',
  ],
  ['no ConsumerJWS', () => ({ 'X-LP-ON-BEHALF': undefined }), 40104, 'no such header'],
  ['an empty ConsumerJWS', () => ({ 'X-LP-ON-BEHALF': '' }), 40104, 'an empty value'],
  [
    'a ConsumerJWS with a scheme',
    (_, jws) => ({ 'X-LP-ON-BEHALF': `Bearer ${jws}` }),
    40103,
    'scheme "Bearer"',
    'stands alone',
  ],
  [
    'a ConsumerJWS twice',
    (_, jws) => ({ 'X-LP-ON-BEHALF': [jws, jws] }),
    40103,
    'the header 2 times',
  ],
  [
    'a ConsumerJWS of another account',
    async () => ({ 'X-LP-ON-BEHALF': await sign({ ...consumerClaims, account_id: '1' }) }),
    40103,
    'of account "1"',
  ],
  [
    'a ConsumerJWS with a further claim',
    async () => ({ 'X-LP-ON-BEHALF': await sign({ ...consumerClaims, iat }) }),
    40103,
    'further claims',
  ],
  [
    'a ConsumerJWS without a claim',
    async () => ({
      'X-LP-ON-BEHALF': await sign({ ...consumerClaims, lp_consumer_id: undefined }),
    }),
    40103,
    'without the claim lp_consumer_id',
  ],
  [
    'a ConsumerJWS with a short id',
    async () => ({ 'X-LP-ON-BEHALF': await sign({ ...consumerClaims, lp_consumer_id: 'ab' }) }),
    40103,
    '64 hexadecimal digits',
  ],
  [
    'the token of another consumer',
    async () => ({
      'X-LP-ON-BEHALF': await sign({
        ...consumerClaims,
        ext_consumer_id: 'zoe',
        lp_consumer_id: 'a'.repeat(64),
      }),
    }),
    40103,
    'another consumer',
    'ext_consumer_id',
  ],
]

test.each<Case>(cases)(
  'says why %s is refused, and answers as before [RES-9a]',
  async (_, toHeaders, code, ...says) => {
    await using session = await startHintSession({ now: () => now })
    const { Authorization: app = '', 'X-LP-ON-BEHALF': jws = '' } = session.headers
    const refused = await session.refuse(await toHeaders(app, jws))
    expect([refused.status, refused.code]).toEqual([code === 40001 ? 400 : 401, code])
    expectReason(refused, ...says)
  },
)

test('names the token alone where the payload is wrong too, and says nothing about a good call [RES-9, RES-9a]', async () => {
  await using session = await startHintSession()
  const refused = await session.refuse(
    { Authorization: 'undefined' },
    '{"id":1,"type":"ms.PublishEvent"}',
  )
  expect(refused.problems).toEqual([expect.stringContaining('the word undefined')])
  const good = await session.refuse({})
  expect([good.status, good.hint, good.problems, good.logged]).toEqual([
    200,
    undefined,
    [],
    undefined,
  ])
})

test('leaves the header out where the setting says so, and journal and log as they are [RES-9a]', async () => {
  await using session = await startHintSession({ settings: { hintHeader: false } })
  const refused = await session.refuse({ Authorization: 'undefined' })
  expect([refused.status, refused.hint]).toEqual([401, undefined])
  expect(refused.problems[0]).toContain('the word undefined')
  expect(refused.logged).toBe(refused.problems[0])
})

test('says by which clock a token has expired, where the clock is frozen [RES-9a]', async () => {
  await using session = await startHintSession({ now: () => now })
  const { clock } = session.server.account()
  clock.freeze()
  await clock.advance(3_600_000)
  const refused = await session.refuse({})
  expect(refused.code).toBe(40102)
  expectReason(refused, 'expired at 2023-11-14T23:13:20.000Z', 'is frozen')
})
