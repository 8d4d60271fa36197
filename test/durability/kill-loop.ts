import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { runKillRounds } from './run-kill-rounds.ts'
import { runWebhookKillRounds } from './webhook-kill-rounds.ts'

const { values } = parseArgs({
  options: {
    loops: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    /** With webhooks, in place of transcripts, profiles, files and clocks. */
    webhooks: { type: 'boolean', default: false },
  },
})

const folder = await mkdtemp(path.join(tmpdir(), 'sendbox-kill-'))
const startedAt = performance.now()
let shown = 0

/** Prints where the rounds are, with their new problems. */
function show(rounds: number, counts: string, problems: readonly string[]): void {
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  process.stdout.write(
    `${rounds} of ${values.loops} loops in ${seconds} s: ${counts}, ${problems.length} problems\n`,
  )
  for (const problem of problems.slice(shown)) process.stdout.write(`${problem}\n`)
  shown = problems.length
}

const options = { folder, rounds: Number(values.loops), seed: Number(values.seed) }
const { problems } = values.webhooks
  ? await runWebhookKillRounds({
      ...options,
      onRound: ({ rounds, acknowledged, received, repeated, problems: found }) => {
        const counts = `${acknowledged} acknowledged texts, ${received} notifications received, ${repeated} accepted twice or more`
        show(rounds, counts, found)
      },
    })
  : await runKillRounds({
      ...options,
      onRound: ({ rounds, acknowledged, inFlight, problems: found }) => {
        show(rounds, `${acknowledged} acknowledged sends, ${inFlight} in flight found`, found)
      },
    })
process.stdout.write(`seed ${values.seed}\n`)
if (problems.length === 0) await rm(folder, { recursive: true })
else {
  process.stdout.write(`The folder is ${folder}\n`)
  process.exitCode = 1
}
