import { test as base, type TestAPI } from 'vitest'
import type { MockAccount } from './app/account.ts'
import {
  type MockServer,
  type MockServerOptions,
  startMockServer,
} from './app/start-mock-server.ts'
import type { ScenarioInput } from './scenario/scenario-schema.ts'

/** The fixtures of {@link test}; the first two are options, which `test.extend` and `test.override` set. */
export interface MockFixtures {
  /**
   * Options of the mock of a file.
   * @default {}
   */
  readonly mockServerOptions: MockServerOptions
  /**
   * The scenario that each account begins with.
   * @default undefined: an empty account
   */
  readonly scenario: ScenarioInput | undefined
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
  mockServerOptions: [{}, { scope: 'file' }],
  scenario: undefined,
  mockServer: [
    async ({ mockServerOptions }, use) => {
      await using server = await startMockServer(mockServerOptions)
      await use(server)
    },
    { scope: 'file' },
  ],
  account: async ({ mockServer, scenario }, use) => {
    lastAccountId += 1
    const account = mockServer.account(`test-account-${lastAccountId}`)
    if (scenario) await account.loadScenario(scenario)
    await use(account)
  },
})
