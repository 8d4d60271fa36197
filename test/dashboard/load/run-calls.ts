import { setTimeout as delay } from 'node:timers/promises'
import { Pool } from 'undici'

interface CallLoad {
  readonly url: string
  readonly calls: number
  /** Calls a second. */
  readonly rate: number
}

/** Two calls of an account, and one that misses, in turns. */
const targets = [
  '/api/account/12345678/service/baseURI.json?version=1.0',
  '/api/account/12345678/service/asyncMessagingEnt/baseURI.json?version=1.0',
  '/api/nothing',
] as const

/** Makes calls at a rate, and returns the rate that was reached. */
export async function runCalls({
  url,
  calls,
  rate,
}: CallLoad): Promise<{ readonly seconds: number; readonly perSecond: number }> {
  const pool = new Pool(url, { connections: 8 })
  const startedAt = performance.now()
  const running = new Set<Promise<void>>()
  const call = async (made: number): Promise<void> => {
    const path = targets[made % targets.length] ?? targets[0]
    const { body } = await pool.request({ path, method: 'GET' })
    await body.dump()
  }
  for (let made = 0; made < calls; made += 1) {
    const one = call(made).finally(() => running.delete(one))
    running.add(one)
    if (running.size >= 32) await Promise.race(running)
    const aheadMs = (made / rate) * 1000 - (performance.now() - startedAt)
    if (aheadMs > 2) await delay(aheadMs)
  }
  await Promise.all(running)
  await pool.close()
  const seconds = (performance.now() - startedAt) / 1000
  return { seconds, perSecond: calls / seconds }
}
