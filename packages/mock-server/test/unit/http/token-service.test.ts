import { SignJWT } from 'jose/jwt/sign'
import { importJWK } from 'jose/key/import'
import { expect, test } from 'vitest'
import { testPrivateJwk, testPublicJwk } from '../../../src/tokens/test-key-pair.ts'
import { TokenService } from '../../../src/tokens/token-service.ts'

test('takes a token that it remembers no longer than one that it sees for the first time', async () => {
  const issuer = new TokenService()
  const appJwt = await issuer.signAppJwt('1', 'client', {
    issuedAt: 1_000_000,
    lifetimeSeconds: 3600,
  })
  const remembering = new TokenService()
  for (const now of [1_000_000, 4_599_999, 4_600_000, 4_599_999]) {
    const verdict = await new TokenService().checkAppJwt(appJwt, '1', now)
    expect(await remembering.checkAppJwt(appJwt, '1', now)).toBe(verdict)
    expect(verdict).toBe(now < 4_600_000 ? 'valid' : 'invalid')
  }
})

test('does not take a remembered token for another account', async () => {
  const tokens = new TokenService()
  const appJwt = await tokens.signAppJwt('1', 'client', { issuedAt: 0, lifetimeSeconds: 3600 })
  expect(await tokens.checkAppJwt(appJwt, '1', 0)).toBe('valid')
  expect(await tokens.checkAppJwt(appJwt, '2', 0)).toBe('invalid')
  const consumerJws = await tokens.signConsumerJws('1', 'zoe')
  expect(await tokens.readConsumerJws(consumerJws, '1', 0)).toMatchObject({ account_id: '1' })
  expect(await tokens.readConsumerJws(consumerJws, '2', 0)).toBeUndefined()
})

test('tells the consumers of many tokens apart', async () => {
  const tokens = new TokenService()
  const first = await tokens.signConsumerJws('1', 'first')
  const claims = await tokens.readConsumerJws(first, '1', 0)
  const others = await Promise.all(
    Array.from({ length: 20 }, (_, index) => tokens.signConsumerJws('1', `consumer ${index}`)),
  )
  for (const other of others) expect(await tokens.readConsumerJws(other, '1', 0)).toBeDefined()
  expect(await tokens.readConsumerJws(first, '1', 0)).toEqual(claims)
})

test('reads nbf of a cached token as that of a new one, also after the clock went back [AUTH-10]', async () => {
  const key = await importJWK(testPrivateJwk)
  const claims = {
    aud: '1',
    azp: 'c',
    scope: 's',
    iss: 'Sentinel',
    iat: 1_000,
    exp: 2_000,
    nbf: 1_500,
  }
  const appJwt = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: testPublicJwk.kid })
    .sign(key)
  const caching = new TokenService()
  const verdicts = []
  for (const now of [1_499_999, 1_500_000, 1_499_999, 1_999_999]) {
    const fresh = await new TokenService().checkAppJwt(appJwt, '1', now)
    verdicts.push([await caching.checkAppJwt(appJwt, '1', now), fresh])
  }
  expect(verdicts).toEqual([
    ['invalid', 'invalid'],
    ['valid', 'valid'],
    ['invalid', 'invalid'],
    ['valid', 'valid'],
  ])
})

test('refuses another text for the same bytes of a token: padding, unused bits, the other alphabet [AUTH-6]', async () => {
  const tokens = new TokenService()
  const appJwt = await tokens.signAppJwt('1', 'client', { issuedAt: 0, lifetimeSeconds: 3600 })
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  // A signature of 256 bytes ends in a character of which four bits are unused.
  const last = alphabet.indexOf(appJwt.at(-1) ?? '')
  const unusedBits = [1, 2, 3].map(bit => appJwt.slice(0, -1) + alphabet[last + bit])
  const others = [
    `${appJwt}=`,
    `${appJwt}==`,
    ...unusedBits,
    appJwt.replaceAll('-', '+').replaceAll('_', '/'),
  ]
  for (const other of others) {
    expect(Buffer.from(other.split('.')[2] ?? '', 'base64url')).toEqual(
      Buffer.from(appJwt.split('.')[2] ?? '', 'base64url'),
    )
    expect([other === appJwt, await tokens.checkAppJwt(other, '1', 0)]).toEqual([false, 'invalid'])
    expect(await tokens.hasOwnSignature(other)).toBe(false)
  }
  expect(await tokens.checkAppJwt(appJwt, '1', 0)).toBe('valid')
})
