import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { runKillRounds } from './run-kill-rounds.ts'

const { values } = parseArgs({
  options: {
    loops: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
  },
})

const folder = await mkdtemp(path.join(tmpdir(), 'sendbox-kill-'))
const startedAt = performance.now()
let shown = 0
const { acknowledged, inFlight, problems } = await runKillRounds({
  folder,
  rounds: Number(values.loops),
  seed: Number(values.seed),
  onRound: report => {
    const seconds = Math.round((performance.now() - startedAt) / 1000)
    process.stdout.write(
      `${report.rounds} of ${values.loops} loops in ${seconds} s: ${report.acknowledged} acknowledged sends, ${report.inFlight} in flight found, ${report.problems.length} problems\n`,
    )
    for (const problem of report.problems.slice(shown)) process.stdout.write(`${problem}\n`)
    shown = report.problems.length
  },
})
process.stdout.write(
  `${acknowledged} acknowledged, ${inFlight} in flight found, seed ${values.seed}\n`,
)
if (problems.length === 0) await rm(folder, { recursive: true })
else {
  process.stdout.write(`The folder is ${folder}\n`)
  process.exitCode = 1
}
