import { expect, test } from 'vitest'
import { AppInstalls } from '../../../src/accounts/app-installs.ts'

const webhooks = {
  'ms.MessagingEventNotification.ContentEvent': { endpoint: 'http://127.0.0.1:8080/' },
}

test('an account that is not declared has the default install', () => {
  expect(new AppInstalls().of('1')).toEqual({
    clientId: 'sendbox-client',
    clientSecret: 'sendbox-secret',
  })
})

test('a declared install keeps the default of what it leaves out', () => {
  const installs = new AppInstalls({ 1: { installs: [{ clientId: 'mine' }] }, 2: {} })
  expect(installs.of('1')).toEqual({ clientId: 'mine', clientSecret: 'sendbox-secret' })
  expect(installs.of('2')).toEqual(new AppInstalls().of('2'))
})

test('an install is found by both of its credentials, in its own account', () => {
  const installs = new AppInstalls({
    1: {
      installs: [
        { clientId: 'a', clientSecret: 'x' },
        { clientId: 'b', clientSecret: 'y' },
      ],
    },
  })
  const asked = [
    ['1', 'a', 'x'],
    ['1', 'b', 'y'],
    ['1', 'a', 'y'],
    ['1', 'sendbox-client', 'sendbox-secret'],
    ['2', 'a', 'x'],
    ['2', 'sendbox-client', 'sendbox-secret'],
    ['2', undefined, undefined],
  ] as const
  expect(
    asked.map(([accountId, id, secret]) => installs.find(accountId, id, secret)?.clientId),
  ).toEqual(['a', 'b', undefined, undefined, undefined, 'sendbox-client', undefined])
})

test('a manifest replaces the one before it in its account alone, until reset', () => {
  const installs = new AppInstalls({
    1: { installs: [{ clientId: 'a', capabilities: { webhooks } }, { clientId: 'b' }] },
  })
  const declared = installs.of('1')
  expect(declared.capabilities).toEqual({ webhooks })
  const bare = { clientId: 'a', clientSecret: 'sendbox-secret' }
  expect(installs.replace('1', {})).toEqual(bare)
  expect(installs.of('1')).toEqual(bare)
  expect(installs.replace('2', { capabilities: { webhooks } })).toEqual({
    ...new AppInstalls().of('2'),
    capabilities: { webhooks },
  })
  expect(installs.of('3')).toEqual(new AppInstalls().of('3'))
  expect(installs.accountIds()).toEqual(['1', '2'])
  installs.reset('1')
  expect(installs.of('1')).toEqual(declared)
  expect(installs.of('2').capabilities).toEqual({ webhooks })
  installs.reset('2')
  expect(installs.of('2')).toEqual(new AppInstalls().of('2'))
})

test('accounts that are not valid are refused with all that is wrong, and without secrets', () => {
  const accounts = {
    1: { installs: [{ clientId: 'a', clientSecret: 4711 }, { clientId: 'b' }, { clientId: 'b' }] },
    2: { installs: [] },
    3: { install: [{ clientSecret: 'hush' }] },
  } as never
  expect(() => new AppInstalls(accounts)).toThrow(
    new TypeError(`The accounts are not valid:
  /1/installs/0/clientSecret: expected string, received <redacted>
  /2/installs: expected at least 1 element, received []
  /3/install: expected no such field, received [{"clientSecret":"<redacted>"}] (did you mean "installs"?)`),
  )
})

test('two installs of one account have different clients', () => {
  const install = { clientId: 'same' }
  expect(() => new AppInstalls({ 1: { installs: [install, install] } })).toThrow(
    new TypeError(`The accounts are not valid:
  /1/installs/1/clientId: expected a client id that no other install of the account has, received "same"`),
  )
  expect(
    () => new AppInstalls({ 1: { installs: [install] }, 2: { installs: [install] } }),
  ).not.toThrow()
})
