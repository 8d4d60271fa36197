import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { operations, toPath } from '@sendbox/schema'
import { Pool } from 'undici'
import { startMock } from '../durability/start-mock.ts'
import { digestSources } from '../source-digest.ts'
import { judgeSoak, toTable } from './judge-soak.ts'
import { plotSoak, type SoakWindow } from './plot-soak.ts'

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '1000000' },
    conversations: { type: 'string', default: '1000' },
    accounts: { type: 'string', default: '4' },
    connections: { type: 'string', default: '32' },
    entries: { type: 'string', default: '50' },
    windows: { type: 'string', default: '50' },
    data: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
})

const sources = digestSources('test/soak')
const requests = Number(values.requests)
const conversations = Number(values.conversations)
const windowSize = Math.max(1, Math.floor(requests / Number(values.windows)))
const folder = values.data ? await mkdtemp(path.join(tmpdir(), 'sendbox-soak-')) : undefined
const settings = JSON.stringify({ transcriptEntries: Number(values.entries) })
const flags = ['--settings', settings, ...(folder ? ['--data', folder] : [])]
await using mock = await startMock(...flags)
const pool = new Pool(mock.url, { connections: Number(values.connections), pipelining: 1 })

const post = async (
  target: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly json: unknown }> => {
  const { statusCode, body: answer } = await pool.request({
    method: 'POST',
    path: target,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return { status: statusCode, json: await answer.json() }
}

interface Talk {
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly dialogId: string
  /** The numbers of its texts and receipts. */
  readonly sequences: number[]
}

async function openTalk(index: number): Promise<Talk> {
  const accountId = String(1000 + (index % Number(values.accounts)))
  const state = 'the consumer has an open conversation'
  const params = { accountId, consumer: `consumer-${index}` }
  const { json } = await post('/__sendbox/provider-states', { state, params, action: 'setup' })
  const given = json as Readonly<Record<'appJwt' | 'consumerJws' | 'conversationId', string>>
  const headers = { authorization: given.appJwt, 'x-lp-on-behalf': given.consumerJws }
  const target = `${toPath(operations.send.path, { accountId })}?v=3`
  return { target, headers, dialogId: given.conversationId, sequences: [] }
}

const chatStates = ['COMPOSING', 'PAUSE', 'ACTIVE', 'INACTIVE']

/** 60 % texts, 25 % chat states, 15 % receipts. */
function toEvent(index: number, round: number): Readonly<Record<string, unknown>> {
  const share = (index + round * 7) % 20
  if (share < 12)
    return { type: 'ContentEvent', contentType: 'text/plain', message: `Message ${index}` }
  if (share < 17) return { type: 'ChatStateEvent', chatState: chatStates[round % 4] }
  return { type: 'AcceptStatusEvent', status: 'ACCEPT', sequenceList: [0] }
}

const talks: Talk[] = []
for (let index = 0; index < conversations; index += 1) talks.push(await openTalk(index))

/** After how many windows garbage is collected, to see what is really kept. */
const windowsBetweenCollections = 5

const toMiB = (bytes: number): number => Number((bytes / 2 ** 20).toFixed(1))

const latencies: number[] = []
const windows: SoakWindow[] = []
let next = 0
let failed = 0
let windowStart = performance.now()
const startedAt = performance.now()

async function sampleKept(): Promise<Pick<SoakWindow, 'keptRssMiB' | 'keptHeapMiB'>> {
  const { rss, heapUsed } = await mock.sample({ afterCollection: true })
  return { keptRssMiB: toMiB(rss), keptHeapMiB: toMiB(heapUsed) }
}

async function closeWindow(done: number): Promise<void> {
  const sorted = latencies.splice(0).toSorted((one, other) => one - other)
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0
  const seconds = (performance.now() - windowStart) / 1000
  windowStart = performance.now()
  const { rss, mapped, heapUsed, delayP99Ms } = await mock.sample()
  const window = {
    requests: done,
    perSecond: Math.round(sorted.length / seconds),
    p50Ms: Number(at(0.5).toFixed(2)),
    p99Ms: Number(at(0.99).toFixed(2)),
    delayP99Ms: Number(delayP99Ms.toFixed(1)),
    rssMiB: toMiB(rss),
    mappedMiB: toMiB(mapped),
    heapMiB: toMiB(heapUsed),
    ...((windows.length + 1) % windowsBetweenCollections === 0 && (await sampleKept())),
  }
  windows.push(window)
  process.stderr.write(`${JSON.stringify(window)}\n`)
}

async function work(): Promise<void> {
  while (next < requests) {
    const index = next
    next += 1
    const talk = talks[index % conversations]
    if (talk === undefined) return
    const { target, headers, dialogId, sequences } = talk
    const event = toEvent(index, Math.floor(index / conversations))
    const sentAt = performance.now()
    const { status, json } = await post(
      target,
      { kind: 'req', id: '1', type: 'ms.PublishEvent', body: { dialogId, event } },
      headers,
    )
    latencies.push(performance.now() - sentAt)
    if (status !== 200) failed += 1
    // Chat states have no number of their own (SEQ-4).
    else if (event['type'] !== 'ChatStateEvent')
      sequences.push((json as { body: { sequence: number } }).body.sequence)
    if ((index + 1) % windowSize === 0) await closeWindow(index + 1)
  }
}

await Promise.all(Array.from({ length: Number(values.connections) }, work))
const sequences = talks.map(talk => talk.sequences)
const verdicts = judgeSoak({ requests, failed, sequences, windows })
const result = {
  sources,
  requests,
  conversations,
  failed,
  data: values.data,
  transcriptEntries: Number(values.entries),
  seconds: Math.round((performance.now() - startedAt) / 1000),
  verdicts,
  windows,
}
const name = values.out ?? `soak-${values.data ? 'data' : 'memory'}-${requests}`
const place = new URL(`./results/${name}`, import.meta.url)
await writeFile(new URL(`${place.href}.json`), `${JSON.stringify(result, null, 2)}\n`)
await writeFile(new URL(`${place.href}.svg`), plotSoak(name, windows))
await pool.close()
await mock.stop()
if (folder) await rm(folder, { recursive: true })
process.stdout.write(`${toTable(verdicts)}\n`)
process.exitCode = verdicts.every(({ isMet }) => isMet) ? 0 : 1
