import { describe, expect } from 'vitest'
import { test as base, type MockFixtures } from '../../../src/vitest.ts'

const options: MockFixtures['mockServerOptions'] = { settings: { mode: 'strict' }, seed: 'a seed' }
const scenario: MockFixtures['scenario'] = {
  conversations: [{ consumer: 'zoe', events: [{ from: 'agent', action: 'say', text: 'Hi' }] }],
}

const test = base.extend({ mockServerOptions: options, scenario })

test('the mock of a file starts with the options of the file', ({ account }) => {
  expect(account.settings.current.mode).toBe('strict')
})

test('each account begins with the scenario of the file', async ({ account }) => {
  const [view] = await account.conversations.list()
  expect(view).toMatchObject({ consumer: 'zoe', dialogs: [{ nextSequence: 1 }] })
  await account.agent(view?.conversationId ?? '').say('Still there?')
})

test('no test sees what another one did to its account', async ({ account }) => {
  const views = await account.conversations.list()
  expect(views).toMatchObject([{ dialogs: [{ nextSequence: 1 }] }])
})

describe('another scenario', () => {
  const other = test.extend({ scenario: { conversations: [] } })

  other('replaces that of the file, in the same mock', async ({ account }) => {
    expect(await account.conversations.list()).toEqual([])
    expect(account.settings.current.mode).toBe('strict')
  })
})
