import { expect, test } from 'vitest'
import { startMockTarget } from '../../src/traces/mock-target.ts'
import { describeFailure, replayTrace, type TraceResult } from '../../src/traces/replay-trace.ts'
import { withCall } from '../../src/traces/target.ts'
import { readTraces, type Trace, TraceSchema } from '../../src/traces/trace.ts'
import { ModelTarget } from '../model/target.ts'

const traces = await readTraces()
const byName = traces.map(trace => [trace.name, trace] as const)

const traceOf = (name: string): Trace => {
  const found = traces.find(trace => trace.name === name)
  if (found === undefined) throw new Error(`There is no trace ${name}`)
  return found
}

const verdictOf = (result: TraceResult): string =>
  result.verdict === 'failed' ? describeFailure(result.failure) : result.verdict

const replaceIn = (trace: Trace, text: string, replacement: string): Trace => {
  const written = JSON.stringify(trace)
  expect(written).toContain(text)
  return JSON.parse(written.replace(text, replacement)) as Trace
}

test.each(byName)('the mock behaves as in %s', async (_, trace) => {
  await using mock = await startMockTarget(trace)
  expect(verdictOf(await replayTrace(trace, mock.target))).toBe('passed')
})

test('the pure model allows every trace, but those about what it does not decide', async () => {
  const verdicts = await Promise.all(
    byName.map(async ([name, trace]) => {
      const result = await replayTrace(trace, new ModelTarget(trace.settings))
      return [name, result.verdict === 'skipped' ? result.missing : verdictOf(result)] as const
    }),
  )
  const others = verdicts.filter(([, verdict]) => verdict !== 'passed')
  expect(Object.fromEntries(others)).toEqual({
    'agent-login': ['wire'],
    'app-installs': ['wire'],
    authorization: ['wire'],
    domains: ['wire'],
    'foreign-tokens': ['wire', 'foreignTokens'],
    'lenient-services': ['wire'],
    'other-missing-token': ['wire'],
    tokens: ['wire'],
    upload: ['wire'],
    webhooks: ['webhooks'],
    'webhooks-2022': ['webhooks'],
    'webhooks-agent-close': ['webhooks'],
    'webhooks-no-retries': ['webhooks'],
    'webhooks-retry-by-number': ['webhooks'],
    'webhooks-retry-by-time': ['webhooks'],
    'webhooks-survey': ['webhooks'],
    'wire-refusals': ['wire'],
  })
  expect(verdicts.length - others.length).toBeGreaterThanOrEqual(13)
})

test('a trace that could not have happened fails at its step, in the model as over the network', async () => {
  const trace = replaceIn(traceOf('shared-sequences'), '{"sequence":2}', '{"sequence":3}')
  const failure =
    "shared-sequences, step 4: The agent's READ takes a number too (SEQ-1, SEQ-2)\n" +
    '  /body/sequence: expected 3, received 2'
  expect(verdictOf(await replayTrace(trace, new ModelTarget()))).toBe(failure)
  await using mock = await startMockTarget(trace)
  expect(verdictOf(await replayTrace(trace, mock.target))).toBe(failure)
})

test('the model allows any refusal where a rule is assumed, and only the known one where it is not', async () => {
  const unknown = '"status":404,"body":{"kind":"resp","code":404,"body":{"errorCode":40451'
  const another = '"status":400,"body":{"kind":"resp","code":400,"body":{"errorCode":40999'
  const refusals = replaceIn(traceOf('refusals'), unknown, another)
  expect(verdictOf(await replayTrace(refusals, new ModelTarget()))).toBe('passed')
  const accepted = replaceIn(traceOf('refusals'), '"status":400,', '"status":200,')
  expect(verdictOf(await replayTrace(accepted, new ModelTarget()))).toContain(
    'refusals, step 2: A batch (EP-4.1, EP-4.2)\n  /status: expected 200, received 400',
  )
  const known = replaceIn(
    traceOf('plain-conversation'),
    '"status":200,"body":{"reqId":"1,"',
    '"status":400,"body":{"reqId":"1,"',
  )
  expect(verdictOf(await replayTrace(known, new ModelTarget()))).toBe(
    "plain-conversation, step 2: The consumer's text takes number 0 (RES-3, PUB-2, SEQ-1)\n" +
      '  /status: expected 400, received 200',
  )
})

test('variables of a response that does not match are not bound', async () => {
  const trace = TraceSchema.parse({
    format: 'sendbox-trace',
    version: 1,
    name: 'two-responses',
    title: 'two responses are allowed',
    steps: [
      {
        do: 'call',
        title: 'the second response matches',
        rules: ['SEQ-1'],
        source: 'SEND',
        evidence: 'documented',
        operation: 'send',
        answer: { status: 200, body: [{ $: 'id' }, 'second'] },
      },
    ],
  })
  const commits: string[] = []
  const allowed = ['first', 'second'].map(id => ({
    response: { status: 200, body: [id, id] },
    commit: () => void commits.push(id),
  }))
  const target = withCall(new ModelTarget(), async () => allowed)
  expect(verdictOf(await replayTrace(trace, target))).toBe('passed')
  expect(commits).toEqual(['second'])
})

test('a refusal that the model allows changes nothing in it', async () => {
  const trace = traceOf('plain-conversation')
  const [open, first, second] = trace.steps
  if (open === undefined || first === undefined || second === undefined) throw new Error('no steps')
  const refused = {
    ...first,
    body: { kind: 'req', id: '1', type: 'ms.PublishEvent', body: { dialogId: 'x' } },
    answer: { status: 422 },
  } as Trace['steps'][number]
  const steps = [open, refused, first]
  expect(verdictOf(await replayTrace({ ...trace, steps }, new ModelTarget()))).toBe('passed')
})
