import { expect, test } from 'vitest'
import { toJunitReport } from '../../src/report/junit.ts'
import { toResultFile } from '../../src/report/stored-results.ts'
import type { VerificationResult } from '../../src/verify/verify-result.ts'

const nasty = `<a href="x">&\u0000\ud800 ]]>\n\ttab`

const result: VerificationResult = {
  format: 'sendbox-verification',
  version: 1,
  target: 'https://x.example',
  accountId: '4711',
  startedAt: '2026-11-24T01:02:03.456Z',
  finishedAt: '2026-11-24T01:02:04.456Z',
  items: [
    { kind: 'trace', name: 'one', verdict: 'passed', durationMs: 1234, steps: [] },
    { kind: 'trace', name: 'two', verdict: 'leftOut', durationMs: 0, steps: [], reason: 'a "b"' },
    {
      kind: 'pact',
      name: nasty,
      verdict: 'failed',
      durationMs: 5,
      steps: [],
      failure: { title: 'title', rules: [], problems: [nasty] },
    },
  ],
  leftOpen: ['c-1'],
}

test('JUnit XML counts, and holds any text that XML can hold', () => {
  const attribute = '&lt;a href=&quot;x&quot;&gt;&amp;\ufffd\ufffd ]]&gt;&#10;&#9;tab'
  expect(toJunitReport(result)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="sendbox-contracts https://x.example" tests="4" failures="2" errors="0" skipped="1" time="1.239">
  <testsuite name="traces" tests="3" failures="1" errors="0" skipped="1" time="1.234" timestamp="2026-11-24T01:02:03.456Z">
    <testcase classname="trace" name="one" time="1.234"/>
    <testcase classname="trace" name="two" time="0.000">
      <skipped message="a &quot;b&quot;"/>
    </testcase>
    <testcase classname="trace" name="every conversation of the run is closed" time="0.000">
      <failure message="Conversation c-1 may still be open">every conversation of the run is closed
Conversation c-1 may still be open</failure>
    </testcase>
  </testsuite>
  <testsuite name="pacts" tests="1" failures="1" errors="0" skipped="0" time="0.005" timestamp="2026-11-24T01:02:03.456Z">
    <testcase classname="pact" name="${attribute}" time="0.005">
      <failure message="${attribute}">title
&lt;a href="x"&gt;&amp;\ufffd\ufffd ]]&gt;
\ttab</failure>
    </testcase>
  </testsuite>
</testsuites>
`)
})

test('a live run is stored by its time and a hash of its account', () => {
  expect(toResultFile(result)).toMatch(/^2026-11-24T01-02-03Z-[\da-f]{8}\.json$/)
  expect(toResultFile(result)).not.toBe(toResultFile({ ...result, accountId: '4712' }))
})
