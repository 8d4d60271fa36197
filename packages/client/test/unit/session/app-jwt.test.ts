import { expect, test } from 'vitest'
import { toRenewalMs } from '../../../src/session/token-sources.ts'
import { createAppJwt } from '../../create-app-jwt.ts'

const askedAtMs = 5_000_000
const answerOf = (access_token: string, expires_in?: number) => ({
  access_token,
  token_type: 'Bearer' as const,
  ...(expires_in !== undefined && { expires_in }),
})

test('a token is renewed 60 s before its exp, whatever expires_in says [AUTH-3]', () => {
  expect(toRenewalMs(answerOf(createAppJwt({ exp: 9000 }), 10), askedAtMs)).toBe(8_940_000)
})

test.each([
  ['lives for 30 s', { iat: 5000, exp: 5030 }, 15_000],
  ['was issued by a clock that is frozen long ago', { iat: 10, exp: 3610 }, 1_800_000],
])('a token that %s is renewed after half of its life, not for each call', (_, claims, lifeMs) => {
  expect(toRenewalMs(answerOf(createAppJwt(claims)), askedAtMs)).toBe(askedAtMs + lifeMs)
})

test('claims beside exp are not needed, and text in them may be of any language', () => {
  expect(toRenewalMs(answerOf(createAppJwt({ exp: 9000, azp: 'ключ-ÿ' })), askedAtMs)).toBe(
    8_940_000,
  )
})

test.each(['opaque', '', 'a.b.c', 'a.bnVsbA.c', createAppJwt({}), createAppJwt({ exp: 'soon' })])(
  'without a readable exp in %j expires_in counts, else an hour [EP-11]',
  token => {
    expect(toRenewalMs(answerOf(token, 600), askedAtMs)).toBe(askedAtMs + 540_000)
    expect(toRenewalMs(answerOf(token), askedAtMs)).toBe(askedAtMs + 3_600_000)
  },
)
