import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { Bench } from 'tinybench'
import * as z from 'zod'
import { fixtures } from '../src/fixtures.ts'
import { parseSendRequest, SendRequestSchema } from '../src/index.ts'

const rounds = 7
const roundMs = 40
/** Calls per sample: one call is too short for the clock. */
const callsPerSample = 500

const dialogId = '8602832d-dce1-446b-8445-0d51f5926a42'
const publish = fixtures.PublishEventRequest.smallest
const close = fixtures.ConversationStateField.smallest()

const payloads = {
  'a text': publish({ body: { dialogId, event: fixtures.TextContentEvent.smallest() } }),
  'a chat state': publish({ body: { dialogId, event: fixtures.ChatStateEvent.smallest() } }),
  'a receipt': publish({ body: { dialogId, event: fixtures.AcceptStatusEvent.fullest() } }),
  'a close': fixtures.UpdateConversationFieldRequest.smallest({
    body: { conversationId: dialogId, conversationField: [close] },
  }),
  'a profile with SDEs': fixtures.SetUserProfileRequest.fullest(),
}

const compiled = z.compile(SendRequestSchema, { strict: true })
const jsonSchema = new URL('../json-schema/SendRequest.json', import.meta.url)
const validate = new Ajv2020().compile(JSON.parse(readFileSync(jsonSchema, 'utf8')))

/** Ajv only checks the value; the others also build their output. */
const readers: Readonly<Record<string, (value: unknown) => unknown>> = {
  Ajv: validate,
  'z.compile': value => compiled.safeParse(value).data,
  safeParse: value => SendRequestSchema.safeParse(value).data,
  parseSendRequest: value => {
    const result = parseSendRequest(value)
    return result.ok && result.request
  },
}

for (const [reader, read] of Object.entries(readers))
  for (const [name, payload] of Object.entries(payloads))
    if (!read(payload)) throw new Error(`${reader} refuses ${name}`)

/** Holds the last result, so that V8 does not remove the calls as dead code. */
const sink: { result?: unknown } = {}

type Times = Record<string, number>

/** Runs each reader once, interleaved; returns ns per call. */
async function measureRound(payload: unknown): Promise<Times> {
  const bench = new Bench({ time: roundMs, warmupTime: roundMs / 4 })
  for (const [name, read] of Object.entries(readers))
    bench.add(name, () => {
      for (let call = 0; call < callsPerSample; call += 1) sink.result = read(payload)
    })
  await bench.run()
  return Object.fromEntries(
    bench.tasks.map(({ name, result }) => {
      if (result.state === 'errored') throw result.error
      if (result.state !== 'completed') throw new Error(`${name} gave no result`)
      return [name, (result.latency.mean * 1e6) / callsPerSample]
    }),
  )
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN

const measured: Record<string, Times[]> = {}
for (let round = 0; round < rounds; round += 1)
  for (const [name, payload] of Object.entries(payloads))
    measured[name] = [...(measured[name] ?? []), await measureRound(payload)]

const environment = `node ${process.version}, ${availableParallelism()} cores, median of ${rounds} rounds`

const results = Object.entries(measured).flatMap(([payload, times]) =>
  Object.keys(readers).map(reader => ({
    payload,
    reader,
    ratioToAjv: median(times.map(time => (time[reader] ?? Number.NaN) / (time['Ajv'] ?? 0))),
    nsPerOp: median(times.map(time => time[reader] ?? Number.NaN)),
  })),
)

for (const { payload, reader, ratioToAjv, nsPerOp } of results)
  process.stdout.write(
    `${ratioToAjv.toFixed(2).padStart(7)} × Ajv ${nsPerOp.toFixed(0).padStart(7)} ns/op  ${reader.padEnd(17)}${payload}\n`,
  )
process.stdout.write(`${environment}\n`)

const reports = new URL('../../../reports/', import.meta.url)
mkdirSync(reports, { recursive: true })
writeFileSync(
  new URL('bench-schema-parse.json', reports),
  `${JSON.stringify({ environment, results }, null, 2)}\n`,
)
