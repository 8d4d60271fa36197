import { setTimeout as waitMs } from 'node:timers/promises'
import { type Dispatcher, request } from 'undici'

/** Waits for some ms. */
export type Wait = (durationMs: number) => Promise<unknown>

/** A response whose body was read completely. */
export interface BufferedResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly bytes: Buffer
}

/** Retries of one call; a further 429 is its result. */
const maxRetries = 5

/** The delay that a 429 asks for, in ms; at least 1 s. */
export function toDelayMs(header: unknown): number {
  const seconds = Number(header)
  return Number.isFinite(seconds) ? Math.max(seconds, 1) * 1000 : 1000
}

/** Retries a call that is refused with 429, after the delay in `Retry-After`. Rules: RES-8.1, RES-8.2. */
export async function withRetries<Response extends Pick<BufferedResponse, 'status' | 'headers'>>(
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

/** Sends a request; retries it after a 429. */
export const requestWithRetries = (
  url: string,
  options: Pick<Dispatcher.RequestOptions, 'method' | 'headers' | 'body'> & {
    readonly dispatcher?: Dispatcher
  },
  wait?: Wait,
): Promise<BufferedResponse> =>
  withRetries(async () => {
    const { statusCode: status, headers, body } = await request(url, options)
    return { status, headers, bytes: Buffer.from(await body.arrayBuffer()) }
  }, wait)
