import { setTimeout as waitMs } from 'node:timers/promises'
import type { ProxyResponse } from '../proxy.ts'

/** Waits for some ms. */
export type Wait = (durationMs: number) => Promise<unknown>

/** Retries of one call; a further 429 is its result. */
const maxRetries = 5

/** The delay that a 429 asks for, in ms; at least 1 s. */
export function toDelayMs(header: unknown): number {
  const seconds = Number(header)
  return Number.isFinite(seconds) ? Math.max(seconds, 1) * 1000 : 1000
}

/** Retries a call that is refused with 429, after the delay in `Retry-After`. Rules: RES-8.1, RES-8.2. */
export async function withRetries<Response extends Pick<ProxyResponse, 'status' | 'headers'>>(
  send: () => Promise<Response>,
  wait: Wait = waitMs,
): Promise<Response> {
  let response = await send()
  for (let retries = 0; response.status === 429 && retries < maxRetries; retries += 1) {
    await wait(toDelayMs(response.headers['retry-after']))
    response = await send()
  }
  return response
}
