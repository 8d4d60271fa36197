import { test as base, type TestAPI } from 'vitest'
import type { MockAccount } from './app/account.ts'
import { type MockServer, startMockServer } from './app/start-mock-server.ts'

/** The fixtures of {@link test}. */
export interface MockFixtures {
  /** One mock for all tests of a file. */
  readonly mockServer: MockServer
  /** An account of this test's own. */
  readonly account: MockAccount
}

let lastAccountId = 0

/**
 * vitest's `test` with a running mock, started once a file, and a fresh account for each test.
 * @example
 * ```ts
 * import { test } from '@sendbox/mock-server/vitest'
 * import { expect } from 'vitest'
 *
 * test('an account has no conversations at first', async ({ account }) => {
 *   expect(await account.conversations.list()).toEqual([])
 * })
 * ```
 */
export const test: TestAPI<MockFixtures> = base.extend<MockFixtures>({
  mockServer: [
    // The empty pattern states that this fixture needs no other.
    async ({}, use) => {
      await using server = await startMockServer()
      await use(server)
    },
    { scope: 'file' },
  ],
  account: async ({ mockServer }, use) => {
    lastAccountId += 1
    await use(mockServer.account(`test-account-${lastAccountId}`))
  },
})
