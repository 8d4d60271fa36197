import { expect, test } from 'vitest'
import { readTraces } from '../../src/traces/trace.ts'
import { runVerification } from '../../src/verify/run-verification.ts'
import { isGood, isInterrupted, type VerificationResult } from '../../src/verify/verify-result.ts'

const traces = (await readTraces()).filter(({ name }) =>
  ['domains', 'time-to-respond'].includes(name),
)
const mock = { target: 'mock', traces, interactions: [] } as const

test('an interruption ends the run after the current item, and the others are skipped', async () => {
  const interruption = new AbortController()
  const started: string[] = []
  const result = await runVerification({
    ...mock,
    signal: interruption.signal,
    onStart: name => started.push(name),
    onItem: () => interruption.abort(),
  })
  expect(started).toEqual([traces[0]?.name])
  expect(result.items).toMatchObject([
    { verdict: 'passed' },
    { verdict: 'leftOut', steps: [], reason: 'the run was interrupted', durationMs: 0 },
  ])
  expect(isInterrupted(result)).toBe(true)
})

test('a service that cannot be reached fails each item, and the run ends', async () => {
  const service = { accountId: '1', clientId: 'c', clientSecret: 's' }
  const target = { ...service, domainApiUrl: 'http://127.0.0.1:1' }
  const result = await runVerification({ ...mock, target, external: true })
  expect(result).toMatchObject({ target: target.domainApiUrl, accountId: '1', given: true })
  expect(result.items.map(({ verdict }) => verdict)).toEqual(['failed', 'failed'])
})

test('a run is good if something passed, nothing failed and no conversation is open', async () => {
  const result = await runVerification(mock)
  expect(result.items.map(({ verdict }) => verdict)).toEqual(['passed', 'passed'])
  expect(isGood(result)).toBe(true)
  const change = (verdict: 'failed' | 'leftOut'): VerificationResult => ({
    ...result,
    items: result.items.map(item => ({ ...item, verdict })),
  })
  expect(isGood(change('leftOut'))).toBe(false)
  expect(isGood({ ...result, items: [...result.items, ...change('failed').items] })).toBe(false)
  expect(isGood({ ...result, leftOpen: ['c-1'] })).toBe(false)
})
