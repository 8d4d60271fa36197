import { expect, test } from 'vitest'
import { TokenService } from '../../../src/tokens/token-service.ts'

test('takes a token that it remembers no longer than one that it sees for the first time', async () => {
  const issuer = new TokenService()
  const appJwt = await issuer.signAppJwt('1', 'client', 1_000_000)
  const remembering = new TokenService()
  for (const now of [1_000_000, 4_599_999, 4_600_000, 4_599_999]) {
    const verdict = await new TokenService().checkAppJwt(appJwt, '1', now)
    expect(await remembering.checkAppJwt(appJwt, '1', now)).toBe(verdict)
    expect(verdict).toBe(now < 4_600_000 ? 'valid' : 'invalid')
  }
})

test('does not take a remembered token for another account', async () => {
  const tokens = new TokenService()
  const appJwt = await tokens.signAppJwt('1', 'client', 0)
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
