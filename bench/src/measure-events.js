import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { findPort, startChild, waitUntil } from './child.js'
import { load } from './load.js'
import { median } from './median.js'
import { peers } from './peers.js'
import { toSendCall } from './send-call.js'

const turnsPerRound = 4
const turnMs = 1000
const restMs = 250

const readerFile = fileURLToPath(new URL('./servers/event-reader.js', import.meta.url))

/** Starts a reader of all events in a process of its own. */
async function startReader(url) {
  const child = fork(readerFile, [url])
  const exited = once(child, 'exit')
  const hear = () => once(child, 'message').then(([count]) => count)
  await hear()
  return {
    count: () => {
      child.send('')
      return hear()
    },
    stop: async () => {
      child.kill()
      await exited
    },
  }
}

async function startMock(name) {
  const port = await findPort()
  const url = `http://127.0.0.1:${port}`
  const child = startChild(peers[0].command(port))
  await waitUntil(async () => (await fetch(`${url}/__sendbox/health`)).ok, child)
  return { name, url, child, turns: [], call: await toSendCall(url) }
}

async function measureTurn({ url, child, turns, call }) {
  const before = child.cpuMs()
  const result = await load({ url, call, durationMs: turnMs })
  turns.push({ ...result, cpuMicroseconds: ((child.cpuMs() - before) * 1000) / result.calls })
  await delay(restMs)
}

const toRow = ({ name, turns }, reference) => ({
  name,
  turns: turns.length,
  callsPerSecond: median(turns.map(turn => turn.callsPerSecond)),
  cpuMicroseconds: median(turns.map(turn => turn.cpuMicroseconds)),
  timeCost: median(
    turns.map((turn, place) => reference.turns[place].callsPerSecond / turn.callsPerSecond - 1),
  ),
  cpuCost: median(
    turns.map((turn, place) => turn.cpuMicroseconds / reference.turns[place].cpuMicroseconds - 1),
  ),
})

/** Measures the cost of a reader of the stream of events to SEND: mocks that are alike but for their readers, in turns. */
export async function measureEvents({ rounds, isQuick, say }) {
  const names = ['nobody reads', 'nobody reads (the same again)', 'one reader']
  const mocks = []
  const readers = []
  try {
    for (const name of names) mocks.push(await startMock(name))
    const [reference, , read] = mocks
    for (const { name, url, call } of mocks) {
      say(`warming up: ${name}`)
      await load({ url, call, durationMs: isQuick ? 2000 : 10_000 })
    }
    const reader = await startReader(read.url)
    readers.push(reader)
    const before = read.turns.length
    for (let round = 1; round <= rounds; round += 1) {
      say(`round ${round} of ${rounds}`)
      for (let turn = 0; turn < turnsPerRound; turn += 1)
        for (const mock of turn % 2 === 0 ? mocks : mocks.toReversed()) await measureTurn(mock)
    }
    await delay(restMs)
    const sent = read.turns.slice(before).reduce((sum, { calls }) => sum + calls, 0)
    // A send is two events: the call, and the step of its conversation.
    const events = await reader.count()
    if (events < 2 * sent) throw new Error(`the reader got ${events} events of ${sent} calls`)
    return { rows: mocks.map(mock => toRow(mock, reference)), events, sent }
  } finally {
    await Promise.all([...readers, ...mocks.map(({ child }) => child)].map(one => one.stop()))
  }
}
