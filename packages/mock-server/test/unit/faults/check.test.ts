import { expect, test } from 'vitest'
import { RandomSource } from '../../../src/accounts/random-source.ts'
import { callFaults, FaultSchema } from '../../../src/faults/call-fault.ts'
import { FaultRegistry } from '../../../src/faults/registry.ts'
import { checkInput } from '../../../src/parse-input.ts'
import { Updates } from '../../../src/updates.ts'

/** The problems of a fault, one line each. */
const problemsOf = (fault: unknown): string[] => {
  const result = checkInput(FaultSchema, fault)
  return result.ok ? [] : result.refusal.map(({ message }) => message)
}

const operations =
  'send, conversation, baseUri, baseUris, appToken, consumer, upload, download, agentLogin, appInstalls, appInstall, replaceAppInstall or deleteAppInstall'

test('takes everything that the fixed shape names', () => {
  const faults = [
    { match: {}, action: { delayMs: 5 } },
    { action: { delayMs: { uniform: [0, 0] }, status: 429, body: null, headers: { A: 'b' } } },
    { match: { operation: 'upload', nth: 1 }, action: { reset: true }, times: 1 },
    { match: { type: 'cm.ConsumerRequestConversation' }, action: { hang: true, delayMs: 1 } },
    { match: { event: 'HostedFile' }, action: { truncate: true, applyTwice: true } },
    { match: { conversationId: 'c' }, action: { malformed: true, applyTwice: true }, times: 9 },
    { match: {}, action: { loseAnswer: true, applyTwice: true }, probability: 0.5 },
    { match: {}, action: { status: 204 } },
  ]
  expect(faults.flatMap(problemsOf)).toEqual([])
})

test('refuses unknown names with the list of those it knows', () => {
  expect(problemsOf({ match: { operation: 'sent' }, action: { hang: true } })).toEqual([
    `/match/operation: expected ${operations}, received "sent" (did you mean "send"?)`,
  ])
  expect(problemsOf({ match: { type: 'x', event: 'y' }, action: { hang: true } })).toEqual([
    '/match/type: expected ms.PublishEvent, cm.UpdateConversationField, userprofile.SetUserProfile, ' +
      'ms.GenerateURLForUploadFile, ms.GenerateURLForDownloadFile or cm.ConsumerRequestConversation, received "x"',
    '/match/event: expected ContentEvent, ChatStateEvent, AcceptStatusEvent, RichContentEvent or HostedFile, received "y"',
  ])
  expect(problemsOf({ match: { path: '/' }, action: { hung: true, delayMs: 1 } })).toEqual([
    '/match/path: expected no such field, received "/"',
    '/action/hung: expected no such field, received true (did you mean "hang"?)',
  ])
})

test.each([
  [
    { status: 500, reset: true },
    '/action/reset: expected nothing beside "status", as a call ends in one way, received true',
  ],
  [
    { hang: true, truncate: true },
    '/action/truncate: expected nothing beside "hang", as a call ends in one way, received true',
  ],
  [
    { truncate: true, loseAnswer: true },
    '/action/loseAnswer: expected nothing beside "truncate", as a call ends in one way, received true',
  ],
  [
    { malformed: true, truncate: true },
    '/action/malformed: expected nothing beside "truncate", as a call ends in one way, received true',
  ],
  [
    { status: 500, applyTwice: true },
    '/action/applyTwice: expected nothing beside "status", which keeps the call from being processed, received true',
  ],
  [
    { hang: true, applyTwice: true },
    '/action/applyTwice: expected nothing beside "hang", which keeps the call from being processed, received true',
  ],
  [{ body: {} }, '/action/body: expected nothing without a "status" to go with, received {}'],
  [
    { reset: true, headers: {} },
    '/action/headers: expected nothing without a "status" to go with, received {}',
  ],
  [
    { status: 204, body: 'x' },
    '/action/body: expected nothing beside status 204, which has no body, received "x"',
  ],
  [{ status: 500, body: undefined }, '/action/body: expected a JSON value, received nothing'],
  [{ status: 100 }, '/action/status: expected at least 200, received 100'],
  [{ status: 600 }, '/action/status: expected at most 599, received 600'],
  [
    { status: 500, headers: { 'a b': 'c' } },
    '/action/headers/a b: expected an HTTP header, received "c"',
  ],
  [
    { status: 500, headers: { a: 'b\r\nc' } },
    '/action/headers/a: expected an HTTP header, received "b\\r\\nc"',
  ],
  [
    { status: 500, headers: { Trailer: 'x-sum' } },
    '/action/headers/Trailer: expected a header that the mock does not set by itself, received "x-sum"',
  ],
  [
    { status: 500, headers: { 'content-length': '1' } },
    '/action/headers/content-length: expected a header that the mock does not set by itself, received "1"',
  ],
  [
    { status: 500, headers: { 'X-Sendbox-Rules': 'a' } },
    '/action/headers/X-Sendbox-Rules: expected a header that the mock does not set by itself, received "a"',
  ],
  [{ reset: false }, '/action/reset: expected true, received false'],
  [
    { delayMs: { uniform: [2, 1] } },
    '/action/delayMs/uniform: expected the least delay, then the longest, received [2,1]',
  ],
  [{ delayMs: 2 ** 31 }, '/action/delayMs: expected at most 2147483647, received 2147483648'],
  [
    {},
    '/action: expected at least one of delayMs, status, body, headers, reset, hang, truncate, malformed, loseAnswer, applyTwice, received {}',
  ],
])('refuses the action %j', (action, message) => {
  expect(problemsOf({ match: {}, action })).toEqual([message])
})

test('refuses counts that contradict each other, or are none', () => {
  const action = { hang: true }
  expect(problemsOf({ match: { nth: 2 }, action, times: 2, probability: 1 })).toEqual([
    '/times: expected nothing beside "nth", which acts once, received 2',
    '/probability: expected nothing beside "nth", which acts once, received 1',
  ])
  expect(
    problemsOf({ match: { nth: 0 }, action, times: 0 }).concat(
      problemsOf({ action, probability: 1.1 }),
    ),
  ).toEqual([
    '/match/nth: expected at least 1, received 0',
    '/times: expected at least 1, received 0',
    '/probability: expected at most 1, received 1.1',
  ])
})

test('throws a TypeError that lists the problems', () => {
  const faults = new FaultRegistry(callFaults, {
    accountId: '1',
    random: new RandomSource(),
    updates: new Updates(),
  })
  const fault = { match: { operation: 'sent' }, action: { reset: true }, times: 0 } as never
  expect(() => faults.add(fault)).toThrow(
    new TypeError(
      `The fault is not valid:\n  /match/operation: expected ${operations}, received "sent" (did you mean "send"?)` +
        '\n  /times: expected at least 1, received 0',
    ),
  )
  expect(faults.list()).toEqual([])
})
