import { setTimeout as delay } from 'node:timers/promises'
import { findPort, startChild, waitUntil } from './child.js'
import { load } from './load.js'
import { median } from './median.js'
import { peers } from './peers.js'
import { toSendCall } from './send-call.js'

/** A round is so many turns of each server, there and back, as the machine's speed changes from one second to the next. */
const turnsPerRound = 4

/** How long a turn lasts, and how long a server then has to end what it has begun, in ms. */
const turnMs = 1000
const restMs = 250

const callOnce = async (url, { path, headers, body }) => {
  const { status } = await fetch(`${url}${path}`, { method: 'POST', headers, body })
  return status === 200
}

async function startPeer(peer, call) {
  const port = await findPort()
  const url = `http://127.0.0.1:${port}`
  const child = startChild(peer.command(port))
  const isReady = call
    ? () => callOnce(url, call)
    : async () => (await fetch(`${url}/__sendbox/health`)).ok
  try {
    await waitUntil(isReady, child)
  } catch (error) {
    await child.stop()
    throw new Error(`${peer.name} does not answer`, { cause: error })
  }
  return { peer, url, child, turns: [] }
}

async function measureTurn({ url, child, turns }, call) {
  const before = child.cpuMs()
  const result = await load({ url, call, durationMs: turnMs })
  turns.push({ ...result, cpuMicroseconds: ((child.cpuMs() - before) * 1000) / result.calls })
  await delay(restMs)
}

const summarize = ({ peer, child, turns }) => ({
  id: peer.id,
  name: peer.name,
  leavesOut: peer.leavesOut,
  goal: peer.goal,
  turns: turns.length,
  callsPerSecond: median(turns.map(turn => turn.callsPerSecond)),
  cpuMicroseconds: median(turns.map(turn => turn.cpuMicroseconds)),
  p50Ms: median(turns.map(turn => turn.p50Ms)),
  p99Ms: median(turns.map(turn => turn.p99Ms)),
  rssMb: child.rssMb(),
})

/** Sendbox against a peer, turn by turn: what slows the machine down slows both. */
const toRatios = (own, { turns }) => ({
  ratio: median(turns.map((turn, place) => own.turns[place].callsPerSecond / turn.callsPerSecond)),
  cpuRatio: median(
    turns.map((turn, place) => turn.cpuMicroseconds / own.turns[place].cpuMicroseconds),
  ),
  p99Ratio: median(turns.map((turn, place) => own.turns[place].p99Ms / turn.p99Ms)),
})

/** The same POST, on 50 connections, to each in turn. */
export async function measureSend({ rounds, isQuick, say }) {
  const [sendbox, ...others] = peers
  const running = [await startPeer(sendbox)]
  try {
    const call = await toSendCall(running[0].url)
    for (const peer of others) {
      if (peer.isThere?.() === false) {
        say(`${peer.name} is left out: there is no java on the PATH`)
        continue
      }
      running.push(await startPeer(peer, call))
    }
    for (const { peer, url } of running) {
      say(`warming up ${peer.name}`)
      await load({ url, call, durationMs: isQuick ? 2000 : (peer.warmUpMs ?? 10_000) })
    }
    for (let round = 1; round <= rounds; round += 1) {
      say(`round ${round} of ${rounds}`)
      for (let turn = 0; turn < turnsPerRound; turn += 1)
        for (const server of turn % 2 === 0 ? running : running.toReversed())
          await measureTurn(server, call)
    }
    const [own] = running
    return running.map(server => ({ ...summarize(server), ...toRatios(own, server) }))
  } finally {
    await Promise.all(running.map(({ child }) => child.stop()))
  }
}

/** From the start of a program to its first 200, in ms. */
export async function measureStart({ rounds, say }) {
  const call = { path: '', headers: {}, body: '' }
  const own = await startPeer(peers[0])
  Object.assign(call, await toSendCall(own.url))
  await own.child.stop()
  const products = peers.filter(({ isProduct, isThere }) => isProduct && isThere?.() !== false)
  const times = new Map(products.map(({ id }) => [id, []]))
  for (let round = 1; round <= rounds; round += 1)
    for (const peer of products) {
      const startedAt = performance.now()
      const { child } = await startPeer(peer, peer.id === 'sendbox' ? undefined : call)
      times.get(peer.id).push(performance.now() - startedAt)
      await child.stop()
      say(`start of ${peer.name}: ${times.get(peer.id).at(-1).toFixed(0)} ms`)
    }
  return products.map(({ id, name }) => ({ id, name, startMs: median(times.get(id)) }))
}
