import { parseArgs } from 'node:util'
import { fuzz } from './fuzz.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
})

const startedAt = performance.now()
const seconds = () => Math.round((performance.now() - startedAt) / 1000)
const everyMs = 5000
let shownAt = startedAt
const seed = Number(values.seed)
process.stdout.write(`seed ${seed}\n`)
const { runs, statuses, fault } = await fuzz({
  seed,
  runs: Number(values.runs),
  onProgress: (made, heapBytes) => {
    if (performance.now() - shownAt < everyMs) return
    shownAt = performance.now()
    const megabytes = Math.round(heapBytes / 1_048_576)
    process.stdout.write(
      `${made} of ${values.runs} inputs in ${seconds()} s, heap ${megabytes} MiB\n`,
    )
  },
})
process.stdout.write(`${runs} inputs in ${seconds()} s: ${JSON.stringify(statuses)}\n`)
process.stdout.write(`${fault ?? 'Nothing was found'}\n`)
if (fault !== undefined) process.exitCode = 1
