import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { describeMachine } from './src/describe-machine.js'
import { measureClient } from './src/measure-client.js'
import { measureEvents } from './src/measure-events.js'
import { measureGrowth } from './src/measure-growth.js'
import { measureInProcess } from './src/measure-in-process.js'
import { measureMemory } from './src/measure-memory.js'
import { measureSend, measureStart } from './src/measure-send.js'
import { measureWebhooks } from './src/measure-webhooks.js'
import { writeReport } from './src/write-report.js'

const measures = {
  send: { what: 'the same POST to Sendbox and its peers', measure: measureSend },
  start: { what: 'from spawn to the first 200', measure: measureStart },
  inProcess: { what: 'startMockServer to the first answer', measure: measureInProcess },
  memory: { what: 'resident memory while a million texts are sent', measure: measureMemory },
  webhooks: { what: 'webhooks a second', measure: measureWebhooks },
  client: { what: 'client.send against undici, axios and got', measure: measureClient },
  events: { what: 'what a reader of the stream of events costs SEND', measure: measureEvents },
  growth: { what: 'one send with many messages and many conversations', measure: measureGrowth },
}

const help = `Measures Sendbox beside its peers. Build first (pnpm run build); then: npm ci --prefix bench && node bench/run.js

  --only <name>   measure one thing; may be given several times
  --rounds <n>    how many rounds a median is taken of (default 5)
  --quick         short rounds and warm-ups: to see that it works, not to quote
  --help

What there is to measure:
${Object.entries(measures)
  .map(([name, { what }]) => `  ${name.padEnd(11)} ${what}`)
  .join('\n')}

Results go to bench/results/<date>.json, beside what was measured there before on that day, and as tables and a plot into docs/performance.md.
`

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '5' },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const say = text => void process.stdout.write(`${text}\n`)

const readResults = file => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return {}
  }
}

async function run() {
  const names = values.only ?? Object.keys(measures)
  const unknown = names.find(name => !Object.hasOwn(measures, name))
  const rounds = Number(values.rounds)
  if (unknown !== undefined) throw new RangeError(`There is no measure "${unknown}". See --help`)
  if (!(Number.isInteger(rounds) && rounds > 0))
    throw new RangeError(`--rounds is a whole number from 1 up, not "${values.rounds}"`)
  const folder = new URL('./results/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  const file = new URL(`${new Date().toISOString().slice(0, 10)}.json`, folder)
  for (const name of names) {
    const { what, measure } = measures[name]
    say(`— ${what}`)
    const result = await measure({ rounds, isQuick: values.quick, say })
    const machine = describeMachine()
    const results = { ...readResults(file), machine, [name]: { rounds, result } }
    if (values.quick) say(JSON.stringify(result, null, 2))
    else writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`)
  }
  if (values.quick) return say('Nothing was written: --quick')
  // Each thing as it was measured last, on whichever day that was.
  const newest = {}
  const days = {}
  for (const name of readdirSync(folder).toSorted()) {
    const results = readResults(new URL(name, folder))
    Object.assign(newest, results)
    for (const measured of Object.keys(results)) days[measured] = name.replace('.json', '')
  }
  await writeReport(newest, days)
  say('docs/performance.md and its plot are up to date')
}

if (values.help) say(help)
else await run()
