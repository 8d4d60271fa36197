import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto'
import { expect, test } from 'vitest'
import {
  testPrivateJwk,
  testPublicJwk,
} from '../../packages/mock-server/src/tokens/test-key-pair.ts'
import { accountId, isWell, type Session, startSession, stateOf, toCodes } from './session.ts'

const encode = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

const ownKey = createPrivateKey({ key: { ...testPrivateJwk }, format: 'jwk' })
const publicPem = createPublicKey(ownKey).export({ type: 'spki', format: 'pem' })
const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 })
const foreignJwk = foreign.publicKey.export({ format: 'jwk' })

const header = { alg: 'RS256', typ: 'JWT', kid: testPublicJwk.kid }
const iat = Math.floor(Date.now() / 1000)
const claims = {
  aud: accountId,
  azp: 'sendbox-client',
  scope: 'msg.consumer',
  iss: 'Sentinel',
  iat,
  exp: iat + 3600,
}

const signRs256 = (head: object, body: object | string, key: KeyObject = ownKey): string => {
  const signed = `${encode(head)}.${encode(body)}`
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`
}

const signHs256 = (head: object, secret: string | Buffer): string => {
  const signed = `${encode(head)}.${encode(claims)}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}

const good = signRs256(header, claims)
const [goodHeader, goodClaims, goodSignature = ''] = good.split('.')

const hs256 = { ...header, alg: 'HS256' }

test.each<[string, string, number]>([
  ['alg none and no signature', `${encode({ ...header, alg: 'none' })}.${goodClaims}.`, 40102],
  ['alg nOnE', `${encode({ ...header, alg: 'nOnE' })}.${goodClaims}.${goodSignature}`, 40102],
  ['HS256 with the public key as PEM', signHs256(hs256, String(publicPem)), 40102],
  ['HS256 with the public key as JWK', signHs256(hs256, JSON.stringify(testPublicJwk)), 40102],
  ['HS256 with the modulus', signHs256(hs256, Buffer.from(testPublicJwk.n, 'base64url')), 40102],
  ['PS256', signRs256({ ...header, alg: 'PS256' }, claims), 40102],
  ['a foreign key under the own kid', signRs256(header, claims, foreign.privateKey), 40102],
  ['a foreign kid', signRs256({ ...header, kid: 'appjwt-01-01-01' }, claims), 40102],
  ['a kid that is a path', signRs256({ ...header, kid: '../../../dev/null' }, claims), 40102],
  [
    'a foreign key in jwk',
    signRs256({ ...header, jwk: foreignJwk }, claims, foreign.privateKey),
    40102,
  ],
  [
    'a foreign jku',
    signRs256({ ...header, jku: 'http://127.0.0.1:9/jwks.json' }, claims, foreign.privateKey),
    40102,
  ],
  ['a foreign x5c', signRs256({ ...header, x5c: ['AAAA'] }, claims, foreign.privateKey), 40102],
  ['a crit that nobody knows', signRs256({ ...header, crit: ['x'], x: 1 }, claims), 40102],
  ['b64 false', signRs256({ ...header, crit: ['b64'], b64: false }, claims), 40102],
  ['no typ', signRs256({ alg: 'RS256', kid: header.kid }, claims), 40102],
  ['a cut signature', good.slice(0, -4), 40102],
  ['an empty signature', `${goodHeader}.${goodClaims}.`, 40102],
  ['two parts', `${goodHeader}.${goodClaims}`, 40102],
  ['five parts', 'a.b.c.d.e', 40102],
  [
    'other claims under a good signature',
    `${goodHeader}.${encode({ ...claims, azp: 'x' })}.${goodSignature}`,
    40102,
  ],
  ['claims that are no JSON', signRs256(header, 'no JSON'), 40102],
  ['claims that are an array', signRs256(header, [claims]), 40102],
  ['an end in words', signRs256(header, { ...claims, exp: 'never' }), 40102],
  ['an end that is past', signRs256(header, { ...claims, exp: iat - 1 }), 40102],
  ['a beginning to come', signRs256(header, { ...claims, nbf: iat + 600 }), 40102],
  ['a list of accounts', signRs256(header, { ...claims, aud: [accountId] }), 40102],
  ['another account', signRs256(header, { ...claims, aud: '1' }), 40102],
  ['no scope', signRs256(header, { ...claims, scope: undefined }), 40001],
  ['an issuer that is no text', signRs256(header, { ...claims, iss: {} }), 40001],
  ['an issuer out of the prototype', signRs256(header, { ...claims, iss: '__proto__' }), 40001],
  ['14,000 characters', `${goodHeader}.${'a'.repeat(13_000)}.a`, 40102],
  [
    'prototype keys in its header',
    `${encode('{"__proto__":{"alg":"none"},"typ":"JWT"}')}.${goodClaims}.`,
    40102,
  ],
])('an AppJWT with %s opens nothing', async (_, token, code) => {
  await using session = await startSession()
  const received = await session.send({ headers: { Authorization: token } })
  expect(toCodes(received)).toEqual([[code === 40001 ? 400 : 401, code]])
  expect(await stateOf(session)).toEqual(isWell)
})

const consumerClaims = {
  account_id: accountId,
  ext_consumer_id: 'zoe',
  lp_consumer_id: 'a'.repeat(64),
}

test.each<[string, (session: Session) => string]>([
  ['alg none', () => `${encode({ ...header, alg: 'none' })}.${encode(consumerClaims)}.`],
  ['a foreign key', () => signRs256(header, consumerClaims, foreign.privateKey)],
  ['another account', () => signRs256(header, { ...consumerClaims, account_id: '1' })],
  [
    'an id that is no digest',
    () => signRs256(header, { ...consumerClaims, lp_consumer_id: '__proto__' }),
  ],
  ['an id that is an object', () => signRs256(header, { ...consumerClaims, lp_consumer_id: {} })],
  ['the AppJWT in its place', ({ appJwt }) => appJwt],
  ['a cut signature', ({ consumerJws }) => consumerJws.slice(0, -4)],
])('a ConsumerJWS with %s opens nothing', async (_, toToken) => {
  await using session = await startSession()
  const received = await session.send({ headers: { 'X-LP-ON-BEHALF': toToken(session) } })
  expect(toCodes(received)).toEqual([[401, 40103]])
  expect(await stateOf(session)).toEqual(isWell)
})

test('a consumer in the place of the AppJWT opens nothing', async () => {
  await using session = await startSession()
  const received = await session.send({ headers: { Authorization: session.consumerJws } })
  expect(toCodes(received)).toEqual([[400, 40001]])
})

test('a token is read once it is good, and not by a name that another header gives it', async () => {
  await using session = await startSession()
  expect(toCodes(await session.send({ headers: { Authorization: good } }))).toEqual([[200, 0]])
  const twice = `${good}, ${good}`
  expect(toCodes(await session.send({ headers: { Authorization: twice } }))).toEqual([[401, 40102]])
})
