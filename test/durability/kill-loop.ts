import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type LaneReport, runInLanes } from './kill-lanes.ts'
import { runKillRounds } from './run-kill-rounds.ts'
import { buildProgram, root } from './start-mock.ts'
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

/** Another value says that a result is of other sources: those of the mock, and of the rounds. */
function digestSources(): string {
  const hash = createHash('sha256')
  for (const folder of ['packages/schema/src', 'packages/mock-server/src', 'test/durability']) {
    const files = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    for (const file of files.filter(name => /\.(?:js|ts|cts)$/.test(name)).toSorted())
      hash.update(`${folder}/${file}\n`).update(readFileSync(path.join(root, folder, file)))
  }
  return hash.digest('hex').slice(0, 16)
}

const loops = Number(values.loops)
const head = {
  date: new Date().toISOString().slice(0, 10),
  digest: digestSources(),
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
  writeFileSync(new URL(`./results/${values.out}.json`, import.meta.url), text)
}

const { seed, parallel: lanes } = head
const options = { lanes, rounds: loops, seed, program, onRound }
const report: LaneReport = values.webhooks
  ? await runInLanes(runWebhookKillRounds, options)
  : await runInLanes(runKillRounds, options)
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
process.exitCode = report.problems.length === 0 ? 0 : 1
