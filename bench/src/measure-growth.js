import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startMockServer } from '../../packages/mock-server/dist/index.js'
import { createFolder } from './create-folder.js'
import { load } from './load.js'
import { median } from './median.js'
import { accountId, toSendCall } from './send-call.js'
import { slopePerDecade } from './slope.js'

/** A round is so many short turns of each server, as the machine's speed changes from one moment to the next. */
const turns = 10

/** How many sends a turn has; they add to the messages of the conversation. */
const sendsPerTurn = 100

const warmUpSends = 10_000

/** How long the system may write back what was written before, in ms. */
const settleMs = 5000

const file = fileURLToPath(new URL('./servers/growing-mock.js', import.meta.url))

/** Starts a mock in a process of its own, so that the collector of one server does not slow the other. */
async function startGrowing(options) {
  const child = fork(file, [JSON.stringify(options)])
  const exited = once(child, 'exit')
  const hear = () =>
    Promise.race([
      once(child, 'message').then(([message]) => message),
      exited.then(([code]) => {
        throw new Error(`the mock that grows ended with ${code}`)
      }),
    ])
  const url = await hear()
  /** Answers the CPU time of the process so far, in µs. */
  const grow = request => {
    child.send(request)
    return hear()
  }
  const stop = async () => {
    child.kill()
    await exited
  }
  return { url, grow, cpuMicroseconds: () => grow({ by: 0 }), stop }
}

/** Warms a server up; where messages are to grow, in another conversation than the one that is measured. */
async function prepare({ url }, grows) {
  const call = await toSendCall(url)
  await load({ url, call, amount: warmUpSends })
  return grows === 'messages' ? toSendCall(url, 'adam') : call
}

async function measureTurn({ url, call, cpuMicroseconds }) {
  const before = await cpuMicroseconds()
  const { elapsedMs } = await load({ url, call, connections: 10, amount: sendsPerTurn })
  const cpu = (await cpuMicroseconds()) - before
  return {
    sendMicroseconds: (elapsedMs * 1000) / sendsPerTurn,
    cpuMicroseconds: cpu / sendsPerTurn,
  }
}

/** The cost of a send, measured in turns with a server that stays as it is, so that both have the same machine. */
async function measurePoint(grown, reference, rounds) {
  const pairs = []
  await delay(settleMs)
  for (let turn = 0; turn < rounds * turns; turn += 1) {
    const first = await measureTurn(turn % 2 === 0 ? grown : reference)
    const second = await measureTurn(turn % 2 === 0 ? reference : grown)
    pairs.push(turn % 2 === 0 ? [first, second] : [second, first])
  }
  const medianOf = name => median(pairs.map(([own]) => own[name]))
  const ratioOf = name => median(pairs.map(([own, other]) => own[name] / other[name]))
  return {
    sendMicroseconds: medianOf('sendMicroseconds'),
    cpuMicroseconds: medianOf('cpuMicroseconds'),
    ratio: ratioOf('sendMicroseconds'),
    cpuRatio: ratioOf('cpuMicroseconds'),
  }
}

/** Adds a tenth at a time, and says so where that takes a while. */
async function fill({ grow, call: { conversationId } }, grows, from, to, say) {
  const startedAt = performance.now()
  for (let tenth = 1; tenth <= 10; tenth += 1) {
    const [done, next] = [tenth - 1, tenth].map(part => Math.round(((to - from) * part) / 10))
    await grow({ grows, by: next - done, conversationId })
    const seconds = (performance.now() - startedAt) / 1000
    if (to - from >= 50_000) say(`  ${from + next} ${grows} after ${seconds.toFixed(0)} s`)
  }
}

/** The cost of one send at each of the counts, and the count at the first measurement. */
async function measureCurve({ grows, counts, options, rounds, say }) {
  const servers = []
  try {
    for (const name of ['grown', 'reference']) servers.push(await startGrowing(options(name)))
    for (const server of servers) server.call = await prepare(server, grows)
    const [grown, reference] = servers
    const points = []
    let count = grows === 'messages' ? 0 : 1
    for (const wanted of counts) {
      await fill(grown, grows, count, Math.max(count, wanted), say)
      count = Math.max(count, wanted)
      points.push({ count, ...(await measurePoint(grown, reference, rounds)) })
      if (grows === 'messages') count += rounds * turns * sendsPerTurn
    }
    return points
  } finally {
    await Promise.all(servers.map(({ stop }) => stop()))
  }
}

/** How the cost changes from the first point to the last, and for each tenfold, as a share of the first. */
function toChange(points, name) {
  const costs = points.map(point => ({ count: point.count, cost: point[name] }))
  return { change: costs.at(-1).cost / costs[0].cost - 1, slopePerDecade: slopePerDecade(costs) }
}

const timeOf = (work, rounds) => {
  const times = []
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now()
    work()
    times.push(performance.now() - startedAt)
  }
  return median(times)
}

async function queryJournal(rounds) {
  const server = await startMockServer()
  try {
    const call = await toSendCall(server.url)
    await load({ url: server.url, call, amount: 10_000 })
    const { requests } = server.account(accountId)
    requests.list({ limit: 1 })
    return [
      [
        'all of one conversation, the newest 100',
        { conversationId: call.conversationId, limit: 100 },
      ],
      ['by type and status, the newest 100', { type: 'ms.PublishEvent', status: 200, limit: 100 }],
      ['what matches nothing', { conversationId: 'none' }],
      ['all 10,000', {}],
    ].map(([query, match]) => ({ query, ms: timeOf(() => requests.list(match), rounds) }))
  } finally {
    await server.close()
  }
}

/** One send with few and many messages and conversations, in memory and with a data folder; queries on a full journal. */
export async function measureGrowth({ rounds, isQuick, say }) {
  const countsOf = {
    messages: isQuick ? [1, 10_000, 20_000] : [1, 10_000, 1_000_000],
    conversations: isQuick ? [1, 100, 1000] : [1, 10_000, 100_000],
  }
  const curves = []
  for (const place of ['memory', 'data folder'])
    for (const [grows, counts] of Object.entries(countsOf)) {
      say(`${grows}, ${place}`)
      const folder = createFolder()
      const options = name => ({
        ...(place === 'data folder' && { data: join(folder, name) }),
        // The transcript keeps all, so that it grows as far as is asked.
        ...(grows === 'messages' && { settings: { transcriptEntries: null } }),
      })
      const points = await measureCurve({ grows, counts, options, rounds, say })
      curves.push({
        grows,
        place,
        points,
        time: toChange(points, 'ratio'),
        cpu: toChange(points, 'cpuRatio'),
      })
      say(JSON.stringify(curves.at(-1)))
    }
  const pairs = rounds * turns
  return { pairs, sendsPerTurn, curves, journal: await queryJournal(rounds) }
}
