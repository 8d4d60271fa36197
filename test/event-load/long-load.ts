import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startMock } from '../durability/start-mock.ts'
import { digestSources } from '../source-digest.ts'
import { runEventLoad } from './run-load.ts'

const { values } = parseArgs({
  options: {
    readers: { type: 'string', default: '50' },
    calls: { type: 'string', default: '200000' },
    rate: { type: 'string', default: '10000' },
    out: { type: 'string' },
  },
})

const digest = digestSources('test/event-load')
const toMib = (bytes: number): number => Math.round(bytes / 2 ** 20)

await using mock = await startMock('--settings', '{"journal":{"entries":1000}}')
const load = { url: mock.url, readers: Number(values.readers), rate: Number(values.rate) }
await runEventLoad({ ...load, calls: 20_000 })
const before = await mock.sample({ afterCollection: true })
const calls = Number(values.calls)
const { seconds, readers } = await runEventLoad({ ...load, calls })
const after = await mock.sample({ afterCollection: true })
const result = {
  date: new Date().toISOString().slice(0, 10),
  digest,
  node: process.version,
  readers: load.readers,
  calls,
  wantedPerSecond: load.rate,
  callsPerSecond: Math.round(calls / seconds),
  eventsPerSecond: Math.round((calls * load.readers) / seconds),
  incomplete: readers.filter(({ received }) => received !== calls).length,
  misplaced: readers.reduce((sum, { misplaced }) => sum + misplaced, 0),
  dropped: readers.filter(({ isDropped }) => isDropped).length,
  heapMibBefore: toMib(before.heapUsed),
  heapMibAfter: toMib(after.heapUsed),
  rssMibBefore: toMib(before.rss),
  rssMibAfter: toMib(after.rss),
  delayP99Ms: after.delayP99Ms,
}
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
if (values.out !== undefined) {
  const folder = fileURLToPath(new URL('./results/', import.meta.url))
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}${values.out}.json`, `${JSON.stringify(result, null, 2)}\n`)
}
process.exitCode = result.incomplete + result.misplaced + result.dropped === 0 ? 0 : 1
