import { expect, test } from 'vitest'
import { HttpTarget } from '../../src/traces/http-target.ts'
import type { TraceTarget } from '../../src/traces/target.ts'
import { TraceSchema } from '../../src/traces/trace.ts'
import { verifyTrace } from '../../src/verify/verify-trace.ts'

const domains = {
  do: 'call',
  title: 'the domains are looked up',
  rules: ['EP-6.1'],
  source: 'demo',
  evidence: 'recorded',
  operation: 'baseUris',
  answer: { status: 200 },
}

const trace = TraceSchema.parse({
  format: 'sendbox-trace',
  version: 1,
  name: 'domains',
  title: 'domains, twice',
  steps: [domains, domains],
})

const verdictsAt = async (target: TraceTarget): Promise<string[]> => {
  const { verdict, steps } = await verifyTrace(trace, target)
  return [verdict, ...steps.map(step => step.verdict)]
}

test('a service that is not there fails the trace, and says nothing of its rules', async () => {
  const client = { accountId: '1', clientId: 'c', clientSecret: 's', run: 'test' }
  const target = new HttpTarget({ ...client, domainApiUrl: 'http://127.0.0.1:1' })
  expect(await verdictsAt(target)).toEqual(['failed', 'notReached', 'notReached'])
})

test('a service whose answer cannot be read fails the step', async () => {
  const target: TraceTarget = {
    capabilities: ['wire'],
    variables: {},
    call: () => Promise.reject(new Error('the answer is no JSON')),
    act: () => Promise.reject(new Error('no agent')),
    show: () => Promise.reject(new Error('no view')),
    nextNotification: () => Promise.reject(new Error('no webhooks')),
  }
  expect(await verdictsAt(target)).toEqual(['failed', 'failed', 'notReached'])
})
