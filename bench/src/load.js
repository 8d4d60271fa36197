import { once } from 'node:events'
import autocannon from 'autocannon'
import { percentile } from './median.js'

/** Sends a call over and over on some connections, and says how that went; an answer other than 200 throws. */
export async function load({ url, call, connections = 50, durationMs = 1000, amount }) {
  const latencies = []
  const run = autocannon({
    url: `${url}${call.path}`,
    method: 'POST',
    headers: call.headers,
    body: call.body,
    connections,
    // autocannon looks at the clock this often, and so says late that an amount is done.
    ...(amount === undefined ? { duration: durationMs / 1000 } : { amount, sampleInt: 10 }),
  })
  const startedAt = performance.now()
  let lastAt = startedAt
  run.on('response', (_client, _status, _bytes, ms) => {
    latencies.push(ms)
    lastAt = performance.now()
  })
  const [result] = await once(run, 'done')
  const elapsedMs = lastAt - startedAt
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} answers other than 2xx, ${result.errors} errors`)
  return {
    calls: latencies.length,
    elapsedMs,
    callsPerSecond: (latencies.length * 1000) / elapsedMs,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
  }
}
