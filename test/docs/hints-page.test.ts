import { startMockServer } from '@sendbox/mock-server'
import { operations, toPath } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { fencesOf } from './fence-of.ts'

test('the hint of docs/hints.md is that of a call with an expired AppJWT [RES-9a]', async () => {
  const [fence] = await fencesOf('text', 'docs/hints.md')
  const [, expired = '', now = ''] = /at (\S+Z) .*shows (\S+Z)\)/.exec(fence) ?? []
  const lifetimeMs = 3_600_000
  const wall = { now: Date.parse(expired) - lifetimeMs }
  await using server = await startMockServer({ now: () => wall.now })
  const account = server.account()
  const { appJwt, consumerJws } = await account.tokens('zoe')
  wall.now = Date.parse(now)
  const path = toPath(operations.send.path, { accountId: account.accountId })
  const response = await fetch(`${server.url}${path}?v=3`, {
    method: 'POST',
    headers: {
      Authorization: appJwt,
      'X-LP-ON-BEHALF': consumerJws,
      'Content-Type': 'application/json',
    },
    body: '{}',
  })
  expect(`x-sendbox-hint: ${response.headers.get('x-sendbox-hint') ?? ''}\n`).toBe(fence)
})
