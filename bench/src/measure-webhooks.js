import { once } from 'node:events'
import { createServer } from 'node:http'
import { findPort, startChild, waitUntil } from './child.js'
import { load } from './load.js'
import { median } from './median.js'
import { peers } from './peers.js'
import { accountId, toSendCall } from './send-call.js'

const eventType = 'ms.MessagingEventNotification.ContentEvent'

/** A receiver that answers 200 and counts. */
async function startReceiver() {
  const seen = { count: 0, lastAt: 0 }
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      seen.count += 1
      seen.lastAt = performance.now()
      response.end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${server.address().port}/`, seen, server }
}

const waitForCount = async (seen, count) => {
  while (seen.count < count) await new Promise(resolve => setTimeout(resolve, 5))
}

/** Texts sent on 50 connections, each with a webhook to a receiver that responds immediately; from the first text to the last webhook. */
export async function measureWebhooks({ rounds, isQuick, say }) {
  const receiver = await startReceiver()
  const port = await findPort()
  const url = `http://127.0.0.1:${port}`
  const child = startChild(peers[0].command(port))
  const amount = isQuick ? 500 : 5000
  try {
    await waitUntil(async () => (await fetch(`${url}/__sendbox/health`)).ok, child)
    await fetch(`${url}/__sendbox/accounts/${accountId}/app-install`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        capabilities: { webhooks: { [eventType]: { endpoint: receiver.url } } },
      }),
    })
    const call = await toSendCall(url)
    const perSecond = []
    for (let round = 0; round <= rounds; round += 1) {
      const [startedAt, before] = [performance.now(), receiver.seen.count]
      await load({ url, call, amount })
      await waitForCount(receiver.seen, before + amount)
      if (round > 0) perSecond.push((amount * 1000) / (receiver.seen.lastAt - startedAt))
    }
    const result = { amount, webhooksPerSecond: median(perSecond) }
    say(`${result.webhooksPerSecond.toFixed(0)} webhooks/s`)
    return result
  } finally {
    receiver.server.close()
    receiver.server.closeAllConnections()
    await child.stop()
  }
}
