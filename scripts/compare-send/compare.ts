// Compares the CPU time of one SEND between this checkout and another, in turns.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const help = `Compares the server's CPU time for one SEND between this checkout and another.

  pnpm run compare:send OTHER_CHECKOUT [--rounds 5] [--calls 15000] [--connections 8]

Both run from source with their own node_modules, which must be installed. A round sends the calls to
both in short turns, there and back; the load comes from this process and is not counted. The other checkout
is the base: a ratio above 1 says that this one takes more time.
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    calls: { type: 'string', default: '15000' },
    connections: { type: 'string', default: '8' },
    help: { type: 'boolean', default: false },
  },
})
const [rounds, calls, connections] = [
  Number(values.rounds),
  Number(values.calls),
  Number(values.connections),
]

const accountId = '12345678'
const conversationPath = `/api/account/${accountId}/messaging/consumer/conversation`

interface Call {
  readonly url: string
  readonly headers: Record<string, string>
  readonly body: string
}

async function post<Answer>(url: string, body: unknown, headers = {}): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as Answer
}

/** A conversation of its own, and the call that sends a text to it. */
async function openConversation(base: string, consumer: string): Promise<Call> {
  const tokensUrl = `${base}/__sendbox/accounts/${accountId}/tokens`
  const tokens = await post<{ appJwt: string; consumerJws: string }>(tokensUrl, { consumer })
  const headers = { authorization: tokens.appJwt, 'x-lp-on-behalf': tokens.consumerJws }
  const opened = await post<{ body: { conversationId?: string } }[]>(
    `${base}${conversationPath}?v=3`,
    [
      { kind: 'req', id: '1', type: 'userprofile.SetUserProfile', body: { authenticatedData: {} } },
      {
        kind: 'req',
        id: '2',
        type: 'cm.ConsumerRequestConversation',
        body: { brandId: accountId, ttrType: 'NORMAL', channelType: 'MESSAGING' },
      },
    ],
    headers,
  )
  const dialogId = opened.map(answer => answer.body.conversationId).find(Boolean)
  const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'Hello' }
  const body = JSON.stringify({
    kind: 'req',
    id: '1',
    type: 'ms.PublishEvent',
    body: { dialogId, event },
  })
  return {
    url: `${base}${conversationPath}/send?v=3`,
    headers: {
      ...headers,
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
    },
    body,
  }
}

const callOnce = ({ url, headers, body }: Call, agent: Agent): Promise<void> =>
  new Promise((done, fail) => {
    const outgoing = request(url, { agent, method: 'POST', headers }, response => {
      response.resume().once('end', done)
      if (response.statusCode !== 200) fail(new Error(`SEND answered ${response.statusCode}`))
    })
    outgoing.once('error', fail).end(body)
  })

/** A round is so many short turns of each checkout, so that both meet the same state of the machine. */
const turnsPerRound = 20

let opened = 0

/** Opens a conversation of a new consumer for each connection; `run` sends so many texts over all of them. */
async function openConnections(base: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const open = () => {
    opened += 1
    return openConversation(base, `consumer-${opened}`)
  }
  const openCalls = await Promise.all(Array.from({ length: connections }, open))
  return {
    run: async (times: number): Promise<void> => {
      let left = times
      await Promise.all(
        openCalls.map(async call => {
          while (left > 0) {
            left -= 1
            await callOnce(call, agent)
          }
        }),
      )
    },
    close: () => agent.destroy(),
  }
}

async function startCheckout(folder: string) {
  const child: ChildProcess = fork(fileURLToPath(new URL('server.ts', import.meta.url)), [], {
    cwd: folder,
    execArgv: ['--conditions=@sendbox/source', '--import', 'tsx'],
  })
  const failed = once(child, 'exit').then(() => {
    throw new Error(`The mock of ${folder} ended`)
  })
  const [url] = (await Promise.race([once(child, 'message'), failed])) as [string]
  failed.catch(() => {})
  const readCpu = async (): Promise<number> => {
    child.send('cpu')
    return ((await once(child, 'message')) as [number])[0]
  }
  return {
    /** Microseconds of CPU time per SEND, by round. */
    microseconds: [] as number[],
    connect: () => openConnections(url),
    readCpu,
    stop: async () => {
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other)
  const middle = sorted.length / 2
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0)) / 2
}

/** The range without the lowest and the highest tenth. */
function spread(numbers: readonly number[]): string {
  const sorted = numbers.toSorted((one, other) => one - other)
  const tenth = Math.floor(sorted.length / 10)
  return `${sorted[tenth]?.toFixed(1)} to ${sorted.at(-1 - tenth)?.toFixed(1)} µs`
}

type Checkout = Awaited<ReturnType<typeof startCheckout>>

/** Runs one round: short turns of both checkouts, in alternating order. */
async function runRound(checkouts: readonly Checkout[]): Promise<number[]> {
  const runners = await Promise.all(
    checkouts.map(async ({ connect, readCpu }) => ({
      readCpu,
      ...(await connect()),
      microseconds: 0,
    })),
  )
  for (let turn = 0; turn < turnsPerRound; turn += 1)
    for (const runner of turn % 2 === 0 ? runners : runners.toReversed()) {
      const before = await runner.readCpu()
      await runner.run(calls / turnsPerRound)
      runner.microseconds += (await runner.readCpu()) - before
    }
  for (const { close } of runners) close()
  return runners.map(({ microseconds }) => microseconds / calls)
}

async function compare(otherFolder: string): Promise<void> {
  const own = await startCheckout(fileURLToPath(new URL('../../', import.meta.url)))
  const other = await startCheckout(resolve(otherFolder))
  try {
    process.stdout.write(`warming up, then ${rounds} rounds of ${calls} SENDs each\n`)
    await runRound([own, other])
    for (let round = 1; round <= rounds; round += 1) {
      const [ours = 0, theirs = 0] = await runRound([own, other])
      own.microseconds.push(ours)
      other.microseconds.push(theirs)
      process.stdout.write(
        `round ${round}: ${ours.toFixed(1)} µs here, ${theirs.toFixed(1)} µs there\n`,
      )
    }
  } finally {
    await Promise.all([own.stop(), other.stop()])
  }
  const ratios = own.microseconds.map((ours, index) => ours / (other.microseconds[index] ?? 0))
  process.stdout.write(
    `median: ${median(own.microseconds).toFixed(1)} µs here, ${median(other.microseconds).toFixed(1)} µs there; ` +
      `ratio ${median(ratios).toFixed(3)} (${ratios.map(ratio => ratio.toFixed(3)).join(', ')})\n` +
      `10 to 90 %: ${spread(own.microseconds)} here, ${spread(other.microseconds)} there\n`,
  )
}

const [otherFolder] = positionals
if (values.help || otherFolder === undefined) {
  process.stdout.write(help)
  process.exitCode = values.help ? 0 : 1
} else await compare(otherFolder)
