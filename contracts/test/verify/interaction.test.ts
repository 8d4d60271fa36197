import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { NamedInteraction } from '../../src/pact/pact-file.ts'
import { createSecrets } from '../../src/secrets.ts'
import type { Gateway } from '../../src/verify/gateway.ts'
import { findMismatches } from '../../src/verify/pact-verifier.ts'
import { verifyInteraction } from '../../src/verify/verify-interaction.ts'

const named: NamedInteraction = {
  name: 'a → b: c',
  interaction: {
    description: 'c',
    request: { method: 'POST', path: '/api/account/1/consumer' },
    response: { body: { content: { body: { errorCode: 40102 } } } },
  },
  pact: '{}',
}

async function verify(
  gateway: Partial<Gateway>,
  outcome: { verdict: 'ok' | 'failed' | 'noVerdict'; output: string; reason?: string },
  interaction = named,
) {
  const folder = await mkdtemp(join(tmpdir(), 'sendbox-interaction-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const nothing = {
    urls: { url: '', statesUrl: '', messagesUrl: '' },
    hits: 1,
    changes: {},
    stateFailures: [],
    rules: [],
  }
  const dispose = { secrets: createSecrets(), [Symbol.asyncDispose]: async () => undefined }
  return verifyInteraction(interaction, {
    gateway: { ...nothing, ...dispose, ...gateway },
    verifier: {
      warmUp: () => undefined,
      verify: async () => outcome,
      [Symbol.asyncDispose]: async () => undefined,
    },
    pactFile: join(folder, 'pact.json'),
  })
}

test('an interaction whose call never came is no success, whatever the verifier says', async () => {
  const { verdict, failure } = await verify({ hits: 0 }, { verdict: 'ok', output: '' })
  expect([verdict, failure?.problems]).toEqual([
    'failed',
    ['The service was called 0 times for one interaction'],
  ])
})

test('no problem shows a secret', async () => {
  const secrets = createSecrets()
  secrets.add('opaque-token')
  const output = '\nFailures:\n$.token -> Expected opaque-token to be x\n'
  const { failure } = await verify({ secrets }, { verdict: 'failed', output })
  expect(failure?.problems).toEqual(['$.token -> Expected <redacted> to be x'])
})

test('a message that fails is a pact that the provider does not honour, and what differs follows', async () => {
  const message = { ...named, interaction: { description: 'c', type: 'Asynchronous/Messages' } }
  const output = '\nFailures:\n$.a -> Expected 1 to be 2\n'
  const outcome = { verdict: 'failed', reason: 'why', output } as const
  const { failure } = await verify({}, outcome, message)
  expect(failure?.problems).toEqual([
    "The provider does not honour the pact (why); the verifier's output says where",
    '$.a -> Expected 1 to be 2',
  ])
  expect((await verify({}, outcome)).failure?.problems).toEqual(['$.a -> Expected 1 to be 2'])
})

test('a provider state that failed is a problem, and names the state', async () => {
  const stateFailures = [{ state: 'open', error: new Error('no agent') }]
  const { verdict, failure } = await verify({ stateFailures }, { verdict: 'ok', output: '' })
  expect([verdict, failure?.problems]).toEqual([
    'failed',
    ['Provider state "open" failed: no agent'],
  ])
})

test('where an answer names no rules, those of its error and its operation are named', async () => {
  const { failure } = await verify({}, { verdict: 'noVerdict', output: '' })
  expect(failure).toEqual({
    title: 'a → b: c (AUTH-6, EP-13)',
    rules: ['AUTH-6', 'EP-13'],
    problems: ['The verifier ended without a verdict'],
  })
})

test('a failure shows what differs, or all that the verifier said where it said nothing of that kind', () => {
  const output = (lines: string) =>
    `Verifying\n\nFailures:\n\n1) Verifying a pact\n${lines}\n\nThere were 1 pact failures\n`
  expect(
    findMismatches(output('    1.1) has a body\n           $.a -> Expected 1 to be 2\n')),
  ).toEqual(['$.a -> Expected 1 to be 2'])
  expect(findMismatches(output('    Request failed: no route'))).toEqual([
    'Request failed: no route',
  ])
})
