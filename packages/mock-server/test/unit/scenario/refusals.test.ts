import { expect, test } from 'vitest'
import { toAccount } from '../../../src/app/account.ts'
import { snapshotAccount } from '../../../src/lifecycle/snapshot.ts'
import type { ScenarioInput } from '../../../src/scenario/scenario-schema.ts'
import { createDataFolder } from '../../data-folder.ts'
import { startService } from '../persistence/failing-disk.ts'
import { accountId, createAccount, now, text } from './create-account.ts'

const close = { from: 'agent', action: 'close' } as const

const refusalOf = async (scenario: ScenarioInput): Promise<string> => {
  const { account } = createAccount()
  return account.loadScenario(scenario).then(
    () => 'loaded',
    (error: unknown) => String(error),
  )
}

test('all problems of a scenario are listed, each with its pointer', async () => {
  expect(
    await refusalOf({
      accountId: '2',
      conversations: [],
    }),
  ).toBe('TypeError: The scenario is not valid:\n  /accountId: expected 1, or none, received "2"')
  const events = [
    { ...text('a'), body: { event: { type: 'ChatStateEvent', chatState: 'COMPOSNG' } } },
    { ...text('b'), afterMs: 1, at: now },
    { ...text('c'), at: now + 1 },
    { ...text('d'), at: now - 1 },
    { ...text('e'), base64: 'Ynl0ZXM=' },
  ]
  const conversations = [
    { consumer: 'zoe', open: { skillId: 'x', brandId: '2' }, profile: { firstName: 7 }, events },
    { consumer: 'max', open: { brandId: '2' }, events: [] },
  ]
  const refusal = await refusalOf({ conversations })
  expect(refusal.split('\n').map(line => line.trim())).toEqual([
    'TypeError: The scenario is not valid:',
    expect.stringMatching(/^\/conversations\/0\/events\/1\/afterMs: expected nothing beside "at"/),
    expect.stringMatching(/^\/conversations\/0\/events\/2\/at: expected no time after the clock's/),
    expect.stringMatching(
      /^\/conversations\/0\/events\/3\/at: expected no time before .* before, 1767603600001/,
    ),
    expect.stringMatching(/^\/conversations\/0\/profile\/firstName: expected string, received 7/),
    expect.stringMatching(/^\/conversations\/0\/open\/skillId: expected up to 10 digits/),
    expect.stringMatching(/^\/conversations\/0\/events\/0\/body\/event\/chatState: .*COMPOSING/),
    expect.stringMatching(
      /^\/conversations\/0\/events\/4\/base64: expected nothing without a hosted/,
    ),
    expect.stringMatching(/^\/conversations\/1\/open\/brandId: expected 1, received "2"/),
  ])
})

test.each([
  [
    'an event of a closed conversation',
    [close, { from: 'agent', action: 'say', text: 'late' }],
    '/conversations/0/events/1: expected an event that its conversation accepts then, not one that is refused with 40054',
  ],
  [
    'a receipt in strict mode of a number to come',
    [{ from: 'agent', action: 'read', sequenceList: [3], settings: { mode: 'strict' } }],
    '/conversations/0/events/0: expected an event that its conversation accepts then, not one that is refused with 400',
  ],
  [
    'a form that nobody asked for',
    [
      {
        ...text('x'),
        body: {
          event: {
            type: 'ContentEvent',
            contentType: 'forms/secure-submission',
            message: { formId: 'f', title: 'F' },
          },
        },
      },
    ],
    '/conversations/0/events/0: expected an invitation to this form before it',
  ],
  [
    'a text beyond the limit of its time',
    [{ ...text('long'), settings: { limits: { textLength: 3 } } }],
    '/conversations/0/events/0/body/event/message: expected at most 3 characters',
  ],
  [
    'an unknown dialog',
    [
      {
        from: 'consumer',
        type: 'cm.UpdateConversationField',
        body: {
          conversationField: [
            { field: 'DialogChange', type: 'UPDATE', dialog: { dialogId: 'd', state: 'CLOSE' } },
          ],
        },
      },
    ],
    '/conversations/0/events/0/body/conversationField/0/dialog/dialogId: expected a type of dialog',
  ],
  [
    'a file beyond the limit',
    [
      {
        ...text('x'),
        base64: 'Ynl0ZXM=',
        settings: { limits: { fileBytes: 4 } },
        body: {
          event: { type: 'ContentEvent', contentType: 'hosted/file', message: { fileType: 'PNG' } },
        },
      },
    ],
    '/conversations/0/events/0/base64: expected a file of at most 4 bytes',
  ],
  [
    'an action that only sends a webhook',
    [{ from: 'agent', action: 'raw', changes: [] }],
    '/conversations/0/events/0/action: expected',
  ],
] as const)('refuses %s, and leaves the account as it was', async (_, events, message) => {
  const { account, services } = createAccount()
  await account.conversations.open('max')
  account.faults.add({ action: { hang: true } })
  const before = [await snapshotAccount(services, accountId), account.faults.list()]
  const scenario = {
    conversations: [
      { consumer: 'zoe', events: [] },
      { consumer: 'max', events: [] },
    ],
    settings: { survey: true },
  }
  const refused = {
    ...scenario,
    conversations: [{ consumer: 'zoe', events }, ...scenario.conversations],
  }
  const loading = account.loadScenario(refused as unknown as ScenarioInput)
  await expect(loading).rejects.toThrow(message)
  expect([await snapshotAccount(services, accountId), account.faults.list()]).toEqual(before)
})

test('a load that cannot be written leaves the account as it was, on disk and in memory', async () => {
  const folder = await createDataFolder()
  await using world = await startService(folder)
  const { service, disk } = world
  const account = toAccount(accountId, service)
  await account.conversations.open('max')
  account.faults.add({ action: { hang: true } })
  const before = [await account.snapshot(), account.faults.list()]
  disk.error = new Error('ENOSPC')
  const loading = account.loadScenario({ conversations: [{ consumer: 'zoe', events: [] }] })
  await expect(loading).rejects.toThrow('cannot be written to')
  expect([await account.snapshot(), account.faults.list()]).toEqual(before)
  disk.error = undefined
})
