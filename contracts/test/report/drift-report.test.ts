import { rules } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { toDriftPage } from '../../src/report/drift-page.ts'
import { type DriftRuns, toDriftReport } from '../../src/report/drift-report.ts'
import type { VerificationResult, VerifiedItem } from '../../src/verify/verify-result.ts'

const itemOf = (
  name: string,
  verdict: VerifiedItem['steps'][number]['verdict'],
  problems?: string[],
): VerifiedItem => ({
  kind: 'trace',
  name,
  verdict: verdict === 'failed' ? 'failed' : 'passed',
  durationMs: 1,
  steps: [{ title: 't', rules: ['SEQ-1'], verdict }],
  ...(problems && { failure: { title: name, rules: ['SEQ-1'], problems } }),
})

const runOf = (target: string, startedAt: string, items: VerifiedItem[]): VerificationResult => ({
  format: 'sendbox-verification',
  version: 1,
  target,
  startedAt,
  finishedAt: startedAt,
  items,
  leftOpen: [],
})

const rowOf = (runs: DriftRuns, id: string) =>
  toDriftReport(runs)
    .groups.flatMap(({ rows }) => rows)
    .find(row => row.id === id)

test('there is one row for each rule, grouped by evidence, and without runs both columns say never', () => {
  const { groups } = toDriftReport({ live: [] })
  const rows = groups.flatMap(group => group.rows)
  expect(rows.map(({ id }) => id).toSorted()).toEqual(rules.map(({ id }) => id).toSorted())
  expect(
    groups.flatMap(({ evidence, rows: inner }) => inner.map(row => row.evidence === evidence)),
  ).not.toContain(false)
  expect(rows.every(({ mock, live }) => mock === 'never' && live === 'never')).toBe(true)
  expect(toDriftPage({ format: 'sendbox-drift', version: 1, groups })).not.toContain(
    'as the rule says',
  )
})

test('a row shows the mock, and the last live run that came to its rule', () => {
  const live = [
    runOf('https://a', '2026-01-01T00:00:00.000Z', [itemOf('one', 'passed')]),
    runOf('https://a', '2026-02-01T00:00:00.000Z', [
      itemOf('one', 'passed'),
      itemOf('two', 'failed', ['<b>']),
    ]),
    runOf('https://a', '2026-03-01T00:00:00.000Z', [itemOf('one', 'leftOut')]),
  ]
  const runs = {
    mock: runOf('mock', '2026-04-01T00:00:00.000Z', [itemOf('one', 'passed')]),
    live,
  }
  expect(rowOf(runs, 'SEQ-1')).toMatchObject({
    evidence: 'documented',
    mock: { verdict: 'passed', target: 'mock', shownBy: [{ name: 'trace one' }] },
    live: {
      at: '2026-02-01T00:00:00.000Z',
      verdict: 'failed',
      shownBy: [
        { name: 'trace one', verdict: 'passed' },
        { name: 'trace two', verdict: 'failed', problems: ['<b>'] },
      ],
    },
  })
  expect(rowOf(runs, 'SEQ-2')).toMatchObject({
    mock: { verdict: 'notShown', shownBy: [] },
    live: { at: '2026-03-01T00:00:00.000Z', verdict: 'notShown', shownBy: [] },
  })
  const page = toDriftPage(toDriftReport(runs))
  expect(page).toContain('<code>&lt;b&gt;</code>')
  expect(page).toContain('<time datetime="2026-02-01T00:00:00.000Z">2026-02-01</time>')
})

test('an item shows the worst verdict among the steps of a rule', () => {
  const [step] = itemOf('one', 'passed').steps
  if (step === undefined) throw new Error('no step')
  const steps = (['leftOut', 'passed', 'failed', 'notReached'] as const).map(verdict => ({
    ...step,
    verdict,
  }))
  const shownBy = (count: number) => {
    const item = { ...itemOf('one', 'passed'), steps: steps.slice(0, count) }
    const live = rowOf({ live: [runOf('https://a', '2026-01-01T00:00:00.000Z', [item])] }, 'SEQ-1')
    return live?.live === 'never' ? undefined : live?.live.shownBy
  }
  expect(shownBy(1)).toEqual([{ name: 'trace one', verdict: 'leftOut' }])
  expect(shownBy(2)).toEqual([{ name: 'trace one', verdict: 'passed' }])
  expect(shownBy(4)).toEqual([{ name: 'trace one', verdict: 'failed' }])
})

test('what was left out or not reached is not claimed', () => {
  const live = [runOf('https://a', '2026-01-01T00:00:00.000Z', [itemOf('one', 'notReached')])]
  expect(rowOf({ live }, 'SEQ-1')?.live).toMatchObject({
    verdict: 'notShown',
    shownBy: [{ name: 'trace one', verdict: 'notReached' }],
  })
})

test('what a pact or a trace of others expected is not claimed of the service', () => {
  const run = runOf('https://a', '2026-01-01T00:00:00.000Z', [itemOf('one', 'failed', ['x'])])
  expect(rowOf({ live: [{ ...run, given: true }] }, 'SEQ-1')?.live).toBe('never')
})
