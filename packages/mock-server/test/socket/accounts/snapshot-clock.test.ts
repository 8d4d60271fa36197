import { expect, test } from 'vitest'
import { latestTime } from '../../../src/accounts/account-clock.ts'
import { startMockServer } from '../../../src/index.ts'

test.each([
  ['offsetMs', 1e308],
  ['offsetMs', -1e16],
  ['frozenAt', 1e18],
  ['frozenAt', -1],
])('refuses a snapshot whose clock has %s %d, and says where', async (field, value) => {
  await using server = await startMockServer()
  const account = server.account()
  const snapshot = await account.snapshot()
  const clock = { ...snapshot.clock, [field]: value }
  await expect(account.restore({ ...snapshot, clock })).rejects.toThrow(`/clock/${field}: expected`)
  expect((await account.snapshot()).clock).toEqual(snapshot.clock)
})

test.each([
  { offsetMs: latestTime, frozenAt: null },
  { offsetMs: -latestTime, frozenAt: null },
  { offsetMs: 0, frozenAt: latestTime },
])('an account with the clock %j still answers', async clock => {
  await using server = await startMockServer()
  const account = server.account()
  await account.restore({ ...(await account.snapshot()), clock })
  const response = await fetch(
    `${server.url}/api/account/${account.accountId}/service/baseURI.json?version=1.0`,
  )
  expect(response.status).toBe(200)
  const { conversationId } = await account.conversations.open('zoe')
  expect((await account.conversations.get(conversationId))?.stage).toBe('OPEN')
  expect(await account.tokens('zoe')).toHaveProperty('appJwt')
})
