import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { runLoad } from './run-load.ts'

const { values } = parseArgs({
  options: {
    webhooks: { type: 'string', default: '10000' },
    conversations: { type: 'string', default: '50' },
    'growth-mib': { type: 'string', default: '10' },
  },
})

// Only what is still in use counts, so garbage is collected before each measure.
setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
const measureHeap = (): number => {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

const toMib = (bytes: number): number => Math.round(bytes / 2 ** 20)
const toTenthsMs = (durationMs = 0): number => Math.round(durationMs * 10) / 10

const figures = await runLoad({
  webhooks: Number(values.webhooks),
  conversations: Number(values.conversations),
  measureHeap,
  onProgress: ({ received, heapBytes, underWay }) =>
    process.stdout.write(`${received} received, ${underWay} under way, ${toMib(heapBytes)} MiB\n`),
})

const { received, misplaced, troubles, durationMs, sendsMs, mostUnderWay, tenths } = figures
const growthMib = toMib((tenths.at(-1)?.heapBytes ?? 0) - (tenths[1]?.heapBytes ?? 0))
const quantile = (share: number) => toTenthsMs(sendsMs[Math.floor((sendsMs.length - 1) * share)])
process.stdout.write(
  `${received} of ${values.webhooks} webhooks in ${Math.round(durationMs)} ms, ${Math.round((received / durationMs) * 1000)} a second
${misplaced.length} out of place, ${troubles.length} troubles, at most ${mostUnderWay} under way
SEND beside them: p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms, longest ${quantile(1)} ms
Heap: ${growthMib} MiB more after the last tenth than after the second\n`,
)
const isWell =
  received === Number(values.webhooks) &&
  misplaced.length === 0 &&
  troubles.length === 0 &&
  growthMib <= Number(values['growth-mib'])
process.exitCode = isWell ? 0 : 1
