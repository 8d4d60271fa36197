import { expect, test } from 'vitest'
import type { PactFile, PactFileInteraction } from '../../src/pact/pact-file.ts'
import {
  checkHits,
  checkStateFailures,
  checkStates,
  checkTearDowns,
} from '../../src/verify/verify-pacts.ts'
import { checkExamples, type PactFileCall } from '../gates/example-gate.ts'
import { checkInteractions, checkNoTokens, checkSpecification } from '../gates/pact-gates.ts'

const content = {
  id: '1',
  type: 'ms.PublishEvent',
  body: { dialogId: 'd', event: { type: 'ChatStateEvent', chatState: 'ACTIVE' } },
}

const call: PactFileCall = {
  description: 'one',
  type: 'Synchronous/HTTP',
  request: {
    method: 'POST',
    path: '/api/account/1/messaging/consumer/conversation/send',
    body: { content },
  },
  response: {
    status: 200,
    body: { content: { reqId: '1', code: 'OK', body: { sequence: 0 } } },
  },
}

const withRequest = (request: Partial<PactFileCall['request']>): PactFileCall => ({
  ...call,
  request: { ...call.request, ...request },
})

const withResponse = (status: number, body?: unknown): PactFileCall => ({
  ...call,
  response: { status, ...(body !== undefined && { body: { content: body } }) },
})

const pactOf = (interactions: PactFileInteraction[], version = '4.0'): PactFile => ({
  consumer: { name: 'c' },
  provider: { name: 'p' },
  interactions,
  metadata: { pactSpecification: { version } },
})

test('the interaction gate passes what is declared, and fails on a missing, an extra and a repeated one', () => {
  const pact = pactOf([call])
  expect(checkInteractions(pact, ['one'])).toEqual([])
  expect(checkInteractions(pact, ['one', 'two'])).toEqual([
    'Interaction "two" is declared, but not in the pact file',
  ])
  const undeclared = ['Interaction "one" is in the pact file, but not declared once']
  expect(checkInteractions(pact, [])).toEqual(undeclared)
  expect(checkInteractions(pactOf([call, call]), ['one'])).toEqual(undeclared)
})

test('the specification gate fails on another version', () => {
  expect(checkSpecification(pactOf([]))).toEqual([])
  expect(checkSpecification(pactOf([], '3.0.0'))).toEqual([
    'The pact file follows specification 3.0.0, not 4.0',
  ])
})

test('the example gate passes what is of the schema', () => {
  expect(checkExamples(pactOf([call]))).toEqual([])
})

const message = (body: unknown): PactFileInteraction => ({
  description: 'one',
  type: 'Asynchronous/Messages',
  contents: { content: body },
})

const token = { method: 'POST', path: '/sentinel/api/account/1/app/token' }
const upload = { method: 'PUT', path: '/v1/AUTH_async-images/1/file' }
const download = { method: 'GET', path: '/v1/AUTH_async-images/1/file' }

test.each<[string, PactFileInteraction, string]>([
  [
    'a request of SEND',
    withRequest({ body: { content: { ...content, type: 'ms.Foo' } } }),
    'request: /type: expected ms.PublishEvent, cm.UpdateConversationField',
  ],
  [
    'a batch',
    withRequest({
      path: '/api/account/1/messaging/consumer/conversation',
      body: { content: [content] },
    }),
    'request: The payload',
  ],
  [
    'a form',
    withRequest({ ...token, body: { content: 'client_id=a' } }),
    'request: /client_secret: expected',
  ],
  ['an answer of SEND', withResponse(200, { code: 'OK' }), 'response: '],
  ['an error', withResponse(400, { code: 400 }), 'response: '],
  ['a status', withResponse(500), 'response: the operation knows no status 500'],
  [
    'an answer without a body',
    { ...withResponse(201, {}), request: upload },
    'response: expected no body',
  ],
  ['a file', { ...withResponse(200), request: download }, 'response: expected bytes'],
  ['a path', withRequest({ path: '/elsewhere' }), 'POST /elsewhere is no operation of the table'],
  ['a message', message({ kind: 'notification' }), '/type: expected'],
])('the example gate fails on %s that is not of the schema', (_, interaction, problem) => {
  const problems = checkExamples(pactOf([interaction]))
  expect(problems.some(found => found.startsWith(`Interaction "one", ${problem}`))).toBe(true)
})

test('the state gate fails on a state without a handler', () => {
  const pact = pactOf([{ ...call, providerStates: [{ name: 'open' }, { name: 'closed' }] }])
  expect(checkStates(pact, ['open', 'closed'])).toEqual([])
  expect(checkStates(pact, ['open'])).toEqual(['Provider state "closed" has no handler'])
})

test('the handler gate fails on a handler that threw', () => {
  expect(checkStateFailures({ stateFailures: [] })).toEqual([])
  expect(
    checkStateFailures({ stateFailures: [{ state: 'open', error: new Error('no') }] }),
  ).toEqual(['Provider state "open" failed: Error: no'])
})

test('the teardown gate fails on a state that was not left', () => {
  expect(checkTearDowns({ changes: { open: { setUps: 2, tearDowns: 2 } } })).toEqual([])
  expect(checkTearDowns({ changes: { open: { setUps: 2, tearDowns: 1 } } })).toEqual([
    'Provider state "open" was set up 2 times and torn down 1 times',
  ])
})

test('the hit gate fails where calls are missing or too many, and where there is nothing to verify', () => {
  expect(checkHits(pactOf([call]), { hits: 1 })).toEqual([])
  expect(checkHits(pactOf([call]), { hits: 0 })).toEqual([
    'The provider was called 0 times for 1 interactions',
  ])
  expect(checkHits(pactOf([call]), { hits: 2 })).toEqual([
    'The provider was called 2 times for 1 interactions',
  ])
  expect(checkHits(pactOf([]), { hits: 0 })).toEqual(['The pact file has no interactions'])
})

test.each([
  '{"Authorization":"eyJhbGciOiJSUzI1NiJ9.x.y"}',
  '{"Authorization":"Bearer 0123456789abcdef"}',
  'client_id=a&client_secret=sendbox-secret',
])('the token gate fails on %j', text => {
  expect(checkNoTokens('{"Authorization":"APP_JWT","token_type":"Bearer"}')).toEqual([])
  expect(checkNoTokens(text)).toEqual([expect.stringMatching(/^The file holds a token: .{12}…$/)])
})
