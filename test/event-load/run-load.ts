import { once } from 'node:events'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { Pool } from 'undici'

interface LoadOptions {
  readonly url: string
  readonly readers: number
  readonly calls: number
  /** Calls a second, or as many as go. */
  readonly rate: number
}

/** The result of a reader. */
interface ReaderResult {
  readonly received: number
  /** Events that were not the next one, by their numbers. */
  readonly misplaced: number
  readonly isDropped: boolean
}

/** Counts the events of a stream, and whether each is the next one. */
class Reader {
  received = 0
  misplaced = 0
  isDropped = false
  #last: number | undefined
  #rest = ''

  async open(url: string): Promise<void> {
    const outgoing = request(`${url}/__sendbox/events?kind=call`, { agent: false })
    const [response] = await once(outgoing.end(), 'response')
    response.setEncoding('latin1').on('data', (text: string) => this.#read(text))
    response.on('error', () => {})
  }

  #read(text: string): void {
    const blocks = (this.#rest + text).split('\n\n')
    this.#rest = blocks.pop() ?? ''
    for (const block of blocks) {
      if (block.startsWith('event: dropped')) this.isDropped = true
      const digits = /^id: .*-(\d+)$/m.exec(block)?.[1]
      if (digits === undefined) continue
      const number = Number(digits)
      if (this.#last !== undefined && number !== this.#last + 1) this.misplaced += 1
      this.#last = number
      this.received += 1
    }
  }
}

/** A reader that reads the head of its response, and nothing after it. */
async function openStalled(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname).on('error', () => {})
  socket.write(`GET /__sendbox/events HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`)
  await once(socket, 'readable')
  return socket
}

const target = '/api/account/12345678/service/baseURI.json?version=1.0'

/** Makes calls at a rate, on connections that are kept. */
async function makeCalls({ url, calls, rate }: LoadOptions): Promise<number> {
  const pool = new Pool(url, { connections: 16, pipelining: 8 })
  const startedAt = performance.now()
  const running = new Set<Promise<void>>()
  const call = async (): Promise<void> => {
    const { body } = await pool.request({ path: target, method: 'GET' })
    await body.dump()
  }
  for (let made = 0; made < calls; made += 1) {
    const one = call().finally(() => running.delete(one))
    running.add(one)
    if (running.size >= 128) await Promise.race(running)
    const aheadMs = (made / rate) * 1000 - (performance.now() - startedAt)
    if (aheadMs > 5) await delay(aheadMs)
  }
  await Promise.all(running)
  const seconds = (performance.now() - startedAt) / 1000
  await pool.close()
  return seconds
}

/** Reads the events of a mock by many readers, and by one that does not read, while calls are made. */
export async function runEventLoad(
  options: LoadOptions,
): Promise<{ readonly seconds: number; readonly readers: readonly ReaderResult[] }> {
  const stalled = await openStalled(options.url)
  const readers = Array.from({ length: options.readers }, () => new Reader())
  await Promise.all(readers.map(reader => reader.open(options.url)))
  const seconds = await makeCalls(options)
  const deadline = performance.now() + 10_000
  const isDone = (): boolean => readers.every(({ received }) => received >= options.calls)
  while (!isDone() && performance.now() < deadline) await delay(20)
  stalled.destroy()
  return {
    seconds,
    readers: readers.map(({ received, misplaced, isDropped }) => ({
      received,
      misplaced,
      isDropped,
    })),
  }
}
