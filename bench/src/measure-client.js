import { Agent as HttpAgent } from 'node:http'
import { fileURLToPath } from 'node:url'
import axios from 'axios'
import { got } from 'got'
import { Agent } from 'undici'
import { createClient } from '../../packages/client/dist/index.js'
import { findPort, startChild, waitUntil } from './child.js'
import { median } from './median.js'
import { peers } from './peers.js'
import { accountId, fetchTokens, sendPath, toSendBody } from './send-call.js'

const inFlight = 64

/** Runs concurrent workers until the time is over; each has a conversation of its own. */
async function callsPerSecond(send, durationMs) {
  const startedAt = performance.now()
  let calls = 0
  const work = async body => {
    while (performance.now() - startedAt < durationMs) {
      await send(body)
      calls += 1
    }
  }
  const bodies = Array.from({ length: inFlight }, () => toSendBody(crypto.randomUUID()))
  await Promise.all(bodies.map(work))
  return (calls * 1000) / (performance.now() - startedAt)
}

function createSenders(url, tokens) {
  const headers = { 'content-type': 'application/json', ...tokens }
  const target = `${url}${sendPath}`
  const undici = new Agent({ connections: inFlight })
  const httpAgent = new HttpAgent({ keepAlive: true, maxSockets: inFlight })
  const client = createClient({
    accountId,
    clientId: 'sendbox-client',
    clientSecret: 'sendbox-secret',
    domainApiUrl: url,
  })
  const senders = {
    'undici.request': async body => {
      const answer = await undici.request({
        origin: url,
        path: sendPath,
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      })
      return answer.body.json()
    },
    'client.send': body => client.send(body, { consumer: 'zoe' }),
    axios: async body => (await axios.post(target, body, { headers, httpAgent })).data,
    got: body =>
      got
        .post(target, { json: body, headers, agent: { http: httpAgent }, retry: { limit: 0 } })
        .json(),
  }
  const close = async () => {
    await client.close()
    await undici.close()
    httpAgent.destroy()
  }
  return { senders, close }
}

/** The same request by each client in turn, 64 in flight, to a bare server, so that the clients are what is measured. */
export async function measureClient({ rounds, isQuick, say }) {
  const [sendboxPort, port] = [await findPort(), await findPort()]
  const sendboxUrl = `http://127.0.0.1:${sendboxPort}`
  const url = `http://127.0.0.1:${port}`
  const sendbox = startChild(peers[0].command(sendboxPort))
  const file = fileURLToPath(new URL('./servers/login-and-echo.js', import.meta.url))
  const server = startChild([process.execPath, file, String(port), sendboxUrl])
  const isHealthy = at => async () => (await fetch(`${at}/__sendbox/health`)).ok
  try {
    await waitUntil(isHealthy(sendboxUrl), sendbox)
    await waitUntil(isHealthy(url), server)
    const { senders, close } = createSenders(url, await fetchTokens(sendboxUrl))
    const measured = new Map(Object.keys(senders).map(name => [name, []]))
    for (const send of Object.values(senders)) await callsPerSecond(send, isQuick ? 300 : 2000)
    for (let round = 0; round < rounds; round += 1)
      for (const [name, send] of Object.entries(senders))
        measured.get(name).push(await callsPerSecond(send, isQuick ? 300 : 1500))
    await close()
    const undici = measured.get('undici.request')
    return [...measured].map(([name, values]) => {
      const ratio = median(values.map((value, round) => value / undici[round]))
      say(`${name}: ${ratio.toFixed(2)} of undici.request`)
      return { name, callsPerSecond: median(values), ratioToUndici: ratio }
    })
  } finally {
    await server.stop()
    await sendbox.stop()
  }
}
