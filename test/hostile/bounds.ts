// Measures how long one client keeps a mock from answering others, in processes of their own, and stores the result.
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { cpus } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Pool } from 'undici'
import { startLimited, startMock } from '../durability/start-mock.ts'
import { digestSources } from '../source-digest.ts'
import { type HealthChecks, startHealthChecks } from './health-checks.ts'
import { accountId } from './session.ts'
import { createWrongBodies, sendWrong, type Tokens } from './wrong-bodies.ts'

const resultsFile = new URL('./results/bounds.json', import.meta.url)

const heapMebibytes = 256
const accounts = 100_000
const pipelined = 200_000

/** In ms: others are answered within the first one; the second one is for a call that is about all accounts. */
const bounds = { others: 250, allAccounts: 2000 }

const help = `Measures how long one client keeps a mock from answering others: bodies that are wrong throughout, sent to a mock
with ${heapMebibytes} MiB of heap, a reset of ${accounts} accounts, and ${pipelined} pipelined calls whose client then leaves.

  pnpm run measure:bounds [--rounds 5] [--only TEXT] [--dry]

  --rounds N   how often each is done; no round may exceed the bound
  --only TEXT  those whose name has the text; nothing is stored
  --dry        stores nothing

Health checks come out of another process, every few ms. Stores test/hostile/results/bounds.json, with a digest of the
sources that were measured. Ends with 1 if a bound is exceeded or a mock ends.
`

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    dry: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

interface Row {
  readonly name: string
  /** The median of the rounds, in ms. */
  readonly ms: number
  /** The longest of the rounds, in ms. */
  readonly longestMs: number
  readonly boundMs: number
}

const rows: Row[] = []

const say = (text: string): void => void process.stdout.write(`${text}\n`)

function report(name: string, rounds: readonly number[], boundMs = bounds.others): void {
  const sorted = rounds.toSorted((one, other) => one - other).map(Math.round)
  const ms = sorted[Math.floor(sorted.length / 2)] ?? 0
  const row = { name, ms, longestMs: sorted.at(-1) ?? 0, boundMs }
  rows.push(row)
  say(
    `${String(ms).padStart(8)} ${String(row.longestMs).padStart(8)} ${String(boundMs).padStart(8)}  ${row.longestMs > boundMs ? 'EXCEEDED ' : ''}${name}`,
  )
}

const isWanted = (name: string): boolean => name.includes(values.only)

/** The longest time without an answer while some work is done, and `afterMs` after it. */
async function longestDuring(
  checks: HealthChecks,
  work: () => Promise<void>,
  afterMs = 50,
): Promise<number> {
  await checks.restart()
  await work()
  await delay(afterMs)
  return checks.longest()
}

async function readTokens(url: string): Promise<Tokens> {
  const response = await fetch(`${url}/__sendbox/accounts/${accountId}/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"consumer":"zoe"}',
  })
  return (await response.json()) as Tokens
}

async function measureWrongBodies(): Promise<void> {
  const bodies = createWrongBodies().filter(({ name }) => isWanted(name))
  if (bodies.length === 0) return
  await using mock = await startLimited({ heapMebibytes })
  await using checks = await startHealthChecks(mock.url)
  const tokens = await readTokens(mock.url)
  report('nothing: what the machine does by itself', [
    await longestDuring(checks, () => delay(1000)),
  ])
  for (const body of bodies) {
    const times: number[] = []
    for (let round = 0; round < Number(values.rounds); round += 1)
      times.push(
        await longestDuring(checks, async () => {
          const status = await sendWrong(mock.url, body, tokens)
          if (status !== body.status) throw new Error(`${body.name}: status ${status}`)
        }),
      )
    report(body.name, times)
  }
  if (mock.child.exitCode !== null) throw new Error(`The mock ended:\n${mock.errors()}`)
}

async function timeOf(pool: Pool, method: 'GET' | 'POST', path: string): Promise<number> {
  const startedAt = performance.now()
  const { statusCode, body } = await pool.request({
    method,
    path: `/__sendbox${path}`,
    ...(method === 'POST' && {
      headers: { 'content-type': 'application/json' },
      body: '{"force":true}',
    }),
  })
  await body.dump({ limit: Number.POSITIVE_INFINITY })
  if (statusCode !== 200) throw new Error(`${method} ${path} answered ${statusCode}`)
  return performance.now() - startedAt
}

async function measureAccounts(): Promise<void> {
  if (!isWanted('accounts')) return
  await using mock = await startMock()
  const pool = new Pool(mock.url, { connections: 16, headersTimeout: 0, bodyTimeout: 0 })
  // The first call loads code, whatever the accounts.
  await timeOf(pool, 'GET', '/metrics')
  let next = 0
  const visit = async (): Promise<void> => {
    while (next < accounts) {
      next += 1
      const path = `/api/account/${next}/service/baseURI.json?version=1.0`
      await (await pool.request({ method: 'GET', path })).body.dump()
    }
  }
  await Promise.all(Array.from({ length: 16 }, visit))
  const metrics = await timeOf(pool, 'GET', '/metrics')
  report(`GET /metrics of ${accounts} accounts`, [metrics], bounds.allAccounts)
  const reset = await timeOf(pool, 'POST', '/reset')
  report(`POST /reset of ${accounts} accounts`, [reset], bounds.allAccounts)
  await pool.close()
}

async function measurePipelining(): Promise<void> {
  const name = `${pipelined} pipelined calls on a connection that closes`
  if (!isWanted(name)) return
  await using mock = await startLimited({ heapMebibytes })
  await using checks = await startHealthChecks(mock.url)
  const { hostname, port } = new URL(mock.url)
  const path = `/api/account/${accountId}/service/baseURI.json?version=1.0`
  const calls = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`.repeat(pipelined))
  const flood = async (): Promise<void> => {
    const socket = connect(Number(port), hostname).on('error', () => {})
    await once(socket, 'connect')
    socket.write(calls)
    await delay(500)
    socket.destroy()
  }
  const times: number[] = []
  for (let round = 0; round < Number(values.rounds); round += 1)
    times.push(await longestDuring(checks, flood, 1000))
  report(name, times)
  if (mock.child.exitCode !== null) throw new Error(`The mock ended:\n${mock.errors()}`)
}

if (values.help) process.stdout.write(help)
else {
  say('      ms  longest    bound')
  await measureWrongBodies()
  await measureAccounts()
  await measurePipelining()
  const machine = { node: process.version, cores: cpus().length, cpu: cpus()[0]?.model }
  const result = {
    digest: digestSources('test/hostile'),
    machine,
    heapMebibytes,
    rounds: Number(values.rounds),
    rows,
  }
  if (values.only === '' && !values.dry)
    writeFileSync(resultsFile, `${JSON.stringify(result, null, 2)}\n`)
  process.exitCode = rows.every(({ longestMs, boundMs }) => longestMs <= boundMs) ? 0 : 1
}
