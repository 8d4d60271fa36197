import { parseArgs } from 'node:util'
import { checkAgreement, mixOfFaults } from './agreement.ts'

const { values } = parseArgs({
  options: {
    sends: { type: 'string', default: '10000' },
    conversations: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now()) },
  },
})

const everyMs = 2000
const startedAt = performance.now()
let shownAt = startedAt
const secondsSince = (): number => Math.round((performance.now() - startedAt) / 100) / 10
process.stdout.write(`seed ${values.seed}\n`)
const { counts, acted, differences, sendingMs } = await checkAgreement({
  sends: Number(values.sends),
  conversations: Number(values.conversations),
  seed: values.seed,
  faults: mixOfFaults,
  onProgress: over => {
    if (performance.now() - shownAt < everyMs) return
    shownAt = performance.now()
    process.stdout.write(`${over} of ${values.sends} texts in ${secondsSince()} s\n`)
  },
})
const { sent, failed, unknown } = counts
process.stdout.write(
  `${sent} sent, ${failed} failed, ${unknown} unknown in ${Math.round(sendingMs)} ms; ` +
    `faults acted ${acted.join(', ')} times; ${differences.length} differences; ${secondsSince()} s in all\n`,
)
for (const difference of differences) process.stdout.write(`${difference}\n`)
process.exitCode = differences.length === 0 ? 0 : 1
