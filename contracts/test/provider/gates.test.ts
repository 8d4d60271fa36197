import { expect, test } from 'vitest'
import {
  checkExamples,
  checkHits,
  checkInteractions,
  checkNoTokens,
  checkSpecification,
  checkStateFailures,
  checkStates,
  type VerificationFacts,
} from '../../src/gates.ts'
import type { PactFile } from '../../src/pact-file.ts'

const request = {
  body: {
    content: {
      id: '1',
      type: 'ms.PublishEvent',
      body: { dialogId: 'd', event: { type: 'ChatStateEvent', chatState: 'ACTIVE' } },
    },
  },
}
const response = { body: { content: { reqId: '1', code: 'OK', body: { sequence: 0 } } } }

const pactOf = (
  interactions: Partial<PactFile['interactions'][number]>[],
  version = '4.0',
): PactFile => ({
  consumer: { name: 'c' },
  provider: { name: 'p' },
  interactions: interactions.map(interaction => ({
    description: 'one',
    type: 'Synchronous/HTTP',
    providerStates: [],
    request,
    response,
    ...interaction,
  })),
  metadata: { pactSpecification: { version } },
})

const factsOf = (facts: Partial<VerificationFacts>): VerificationFacts => ({
  providerHits: 1,
  stateFailures: [],
  handledStates: [],
  ...facts,
})

test('the interaction gate passes what is declared, and fails on a missing, an extra and a repeated one', () => {
  const pact = pactOf([{ description: 'one' }])
  expect(checkInteractions(pact, ['one'])).toEqual([])
  expect(checkInteractions(pact, ['one', 'two'])).toEqual([
    'Interaction "two" is declared, but not in the pact file',
  ])
  const undeclared = ['Interaction "one" is in the pact file, but not declared once']
  expect(checkInteractions(pact, [])).toEqual(undeclared)
  expect(checkInteractions(pactOf([{}, {}]), ['one'])).toEqual(undeclared)
})

test('the specification gate fails on another version', () => {
  expect(checkSpecification(pactOf([]))).toEqual([])
  expect(checkSpecification(pactOf([], '3.0.0'))).toEqual([
    'The pact file follows specification 3.0.0, not 4.0',
  ])
})

test('the example gate fails on a request and on a response that are not of the schema', () => {
  expect(checkExamples(pactOf([{}]))).toEqual([])
  const wrong = { content: { ...request.body.content, type: 'ms.Foo' } }
  expect(checkExamples(pactOf([{ request: { body: wrong } }]))).toEqual([
    'Interaction "one", request: /type: expected ms.PublishEvent, cm.UpdateConversationField, userprofile.SetUserProfile, ms.GenerateURLForUploadFile or ms.GenerateURLForDownloadFile, received "ms.Foo"',
  ])
  expect(checkExamples(pactOf([{ response: { body: { content: { code: 'OK' } } } }]))).toEqual([
    'Interaction "one", response: neither an answer nor an error',
  ])
})

test('the state gate fails on a state without a handler', () => {
  const pact = pactOf([{ providerStates: [{ name: 'open' }, { name: 'closed' }] }])
  expect(checkStates(pact, ['open', 'closed'])).toEqual([])
  expect(checkStates(pact, ['open'])).toEqual(['Provider state "closed" has no handler'])
})

test('the handler gate fails on a handler that threw', () => {
  expect(checkStateFailures(factsOf({}))).toEqual([])
  expect(
    checkStateFailures(factsOf({ stateFailures: [{ state: 'open', message: 'Error: no' }] })),
  ).toEqual(['Provider state "open" failed: Error: no'])
})

test('the hit gate fails where calls are missing or too many, and where there is nothing to verify', () => {
  expect(checkHits(pactOf([{}]), factsOf({}))).toEqual([])
  expect(checkHits(pactOf([{}]), factsOf({ providerHits: 0 }))).toEqual([
    'The provider was called 0 times for 1 interactions',
  ])
  expect(checkHits(pactOf([{}]), factsOf({ providerHits: 2 }))).toEqual([
    'The provider was called 2 times for 1 interactions',
  ])
  expect(checkHits(pactOf([]), factsOf({ providerHits: 0 }))).toEqual([
    'The pact file has no interactions',
  ])
})

test('the token gate fails on text that looks like a JWT', () => {
  expect(checkNoTokens('{"Authorization":"APP_JWT"}')).toEqual([])
  expect(checkNoTokens('{"Authorization":"eyJhbGciOiJSUzI1NiJ9.x.y"}')).toEqual([
    'The pact file holds a token: eyJhbGciOiJS…',
  ])
})
