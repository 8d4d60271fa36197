import { startMockServer } from '../../packages/mock-server/dist/index.js'
import { median, percentile } from './median.js'
import { accountId } from './send-call.js'

const starts = 100

/** Path of a connector's first request. */
const firstPath = `/api/account/${accountId}/service/baseURI.json?version=1.0`

/** From `startMockServer` to its first answer, in ms, in a process that has loaded it. */
export async function measureInProcess({ isQuick, say }) {
  const times = []
  for (let start = 0; start < (isQuick ? 10 : starts) + 5; start += 1) {
    const startedAt = performance.now()
    const server = await startMockServer()
    await (await fetch(server.url + firstPath)).text()
    if (start >= 5) times.push(performance.now() - startedAt)
    await server.close()
  }
  const result = { starts: times.length, p50Ms: median(times), p95Ms: percentile(times, 0.95) }
  say(`p50 ${result.p50Ms.toFixed(1)} ms, p95 ${result.p95Ms.toFixed(1)} ms`)
  return result
}
