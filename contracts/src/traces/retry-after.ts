import { setTimeout as waitMs } from 'node:timers/promises'
import { type Dispatcher, request } from 'undici'

/** Lets a time pass, in ms. */
export type Wait = (durationMs: number) => Promise<unknown>

/** An answer whose body was read. */
export interface ReadAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly bytes: Buffer
}

/** How often one call is repeated before its 429 counts as the answer. */
const mostRepeats = 5

/** How long a 429 asks to wait, in ms: at least 1 s. */
export function toWaitMs(retryAfter: unknown): number {
  const seconds = Number(retryAfter)
  return Number.isFinite(seconds) ? Math.max(seconds, 1) * 1000 : 1000
}

/** Repeats a call that was refused with 429, after the time that the refusal asks for. Rules: RES-8.1, RES-8.2. */
export async function repeatPatiently<Answer extends { status: number; headers: object }>(
  send: () => Promise<Answer>,
  wait: Wait = waitMs,
): Promise<Answer> {
  let answer = await send()
  for (let repeats = 0; answer.status === 429 && repeats < mostRepeats; repeats += 1) {
    await wait(toWaitMs((answer.headers as ReadAnswer['headers'])['retry-after']))
    answer = await send()
  }
  return answer
}

/** Calls a service, and waits where it says that there were too many calls. */
export const requestPatiently = (
  url: string,
  options: Pick<Dispatcher.RequestOptions, 'method' | 'headers' | 'body'> & {
    readonly dispatcher?: Dispatcher
  },
  wait?: Wait,
): Promise<ReadAnswer> =>
  repeatPatiently(async () => {
    const answer = await request(url, options)
    return {
      status: answer.statusCode,
      headers: answer.headers,
      bytes: Buffer.from(await answer.body.arrayBuffer()),
    }
  }, wait)
