import { expect } from 'vitest'
import type { MockServer } from '../../../src/index.ts'
import { test } from '../../../src/vitest.ts'

const seen: { server: MockServer; accountId: string }[] = []

test('hands out an account that has nothing in it', async ({ mockServer, account }) => {
  seen.push({ server: mockServer, accountId: account.accountId })
  expect(await account.conversations.list()).toEqual([])
  await account.conversations.open('zoe')
  expect(await account.conversations.list()).toHaveLength(1)
})

test('hands out another account of the same mock to the next test', async ({
  mockServer,
  account,
}) => {
  expect(await account.conversations.list()).toEqual([])
  expect(seen.map(({ server }) => server)).toEqual([mockServer])
  expect(seen.map(({ accountId }) => accountId)).not.toContain(account.accountId)
  expect((await fetch(`${mockServer.url}/__sendbox/health`)).status).toBe(200)
})
