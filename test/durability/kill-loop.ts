import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { digestSources } from '../source-digest.ts'
import { type LaneReport, runInLanes } from './kill-lanes.ts'
import { runKillRounds } from './run-kill-rounds.ts'
import { buildProgram } from './start-mock.ts'
import { runWebhookKillRounds } from './webhook-kill-rounds.ts'

const { values } = parseArgs({
  options: {
    loops: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    /** How many mocks are killed in parallel. */
    parallel: { type: 'string', default: '1' },
    /** With webhooks, in place of transcripts, profiles, files and clocks. */
    webhooks: { type: 'boolean', default: false },
    /** The name of a file in `results`, without `.json`. */
    out: { type: 'string' },
  },
})

const results = new URL('./results/', import.meta.url)
const loops = Number(values.loops)
const head = {
  date: new Date().toISOString().slice(0, 10),
  digest: digestSources('test/durability'),
  node: process.version,
  seed: Number(values.seed),
  parallel: Number(values.parallel),
}
const program = await buildProgram()
const startedAt = performance.now()
const shown = new Set<string>()

/** Stores the result so far, and prints where the rounds are, with their new problems. */
function onRound(report: LaneReport): void {
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  const { rounds, acknowledged, problems } = report
  process.stderr.write(
    `${rounds} of ${loops} rounds in ${seconds} s: ${acknowledged} acknowledged, ${problems.length} problems\n`,
  )
  for (const problem of problems) if (!shown.has(problem)) process.stderr.write(`${problem}\n`)
  for (const problem of problems) shown.add(problem)
  if (values.out === undefined) return
  const text = `${JSON.stringify({ ...head, seconds, ...report }, null, 2)}\n`
  mkdirSync(results, { recursive: true })
  writeFileSync(new URL(`${values.out}.json`, results), text)
}

const { seed, parallel: lanes } = head
const options = { lanes, rounds: loops, seed, program, onRound }
const report: LaneReport = values.webhooks
  ? await runInLanes(runWebhookKillRounds, options)
  : await runInLanes(runKillRounds, options)
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
process.exitCode = report.problems.length === 0 ? 0 : 1
