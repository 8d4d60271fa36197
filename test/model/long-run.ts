import { parseArgs } from 'node:util'
import { checkModel } from './check-model.ts'

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    path: { type: 'string' },
    'replay-path': { type: 'string' },
  },
})

const everyMs = 5000
let shownAt = performance.now()
const startedAt = shownAt
const seed = Number(values.seed)
process.stdout.write(`seed ${seed}\n`)
const result = await checkModel({
  steps: Number(values.steps),
  seed,
  path: values.path,
  replayPath: values['replay-path'],
  onProgress: steps => {
    if (performance.now() - shownAt < everyMs) return
    shownAt = performance.now()
    const seconds = Math.round((shownAt - startedAt) / 1000)
    process.stdout.write(`${steps} of ${values.steps} steps in ${seconds} s\n`)
  },
})
if (result.ok) process.stdout.write(`${result.steps} steps, no difference\n`)
else {
  process.stdout.write(`${result.report}\nReplay: ${result.replay}\n`)
  process.exitCode = 1
}
