import type { Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type FuzzInput, type FuzzTokens, nextInput } from './fuzz-input.ts'
import { faultOf } from './fuzz-oracle.ts'
import { type Sabotage, startTarget } from './fuzz-target.ts'
import { createRandom, type Random } from './random.ts'
import { openSocket, type RawAnswer, readAnswers, toRequest } from './raw-socket.ts'

/** How hostile input is let loose on a mock. */
export interface FuzzOptions {
  readonly seed: number
  /** How many inputs. */
  readonly runs: number
  /** Breaks the mock. @default none */
  readonly sabotage?: Sabotage
  /**
   * How long the mock may take for one answer, in ms of wall time.
   * @default 20_000
   */
  readonly stuckAfterMs?: number
  readonly onProgress?: (runs: number, heapBytes: number) => void
}

/** The result of a run. */
export interface FuzzResult {
  readonly runs: number
  /** How many answers there were of each status; 0 for a connection that ended without one. */
  readonly statuses: Readonly<Record<number, number>>
  /** The first failure, with its input and the command that repeats it. */
  readonly fault?: string
}

const workers = 8

/** Journal and transcripts are bounded; a conversation that an input opens stays. */
const mostHeapBytes = (made: number): number => 100 * 1024 * 1024 + made * 300
const heapCheckEvery = 2000

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** A connection that is opened again where the mock ends it. */
class Connection {
  readonly #url: string
  #socket: Socket | undefined

  constructor(url: string) {
    this.#url = url
  }

  /** One request and its answer; `undefined` where the connection ended without one. */
  async ask(bytes: Buffer, stuckAfterMs: number): Promise<RawAnswer | 'stuck' | undefined> {
    this.#socket ??= await openSocket(this.#url)
    const socket = this.#socket
    return new Promise(resolve => {
      let received = Buffer.alloc(0)
      const finish = (answer: RawAnswer | 'stuck' | undefined, isOver: boolean): void => {
        clearTimeout(timer)
        socket.removeAllListeners('data').removeAllListeners('end').removeAllListeners('close')
        if (isOver) {
          socket.destroy()
          this.#socket = undefined
        }
        resolve(answer)
      }
      const timer = setTimeout(() => finish('stuck', true), stuckAfterMs)
      const read = (isClosed: boolean): void => {
        const [answer] = readAnswers(received, isClosed).answers
        if (answer || isClosed)
          finish(answer, isClosed || answer?.headers['connection'] === 'close')
      }
      socket.on('data', chunk => {
        received = Buffer.concat([received, chunk])
        read(false)
      })
      socket.on('end', () => read(true))
      socket.on('close', () => read(true))
      socket.write(bytes)
    })
  }

  end(): void {
    this.#socket?.destroy()
  }
}

/** The numbers that the mock gave under one dialog. */
class Numbers {
  readonly #given = new Map<string, Set<number>>()

  /** Notes an answer, and says whether its number was given before. */
  isRepeated(input: FuzzInput, answer: RawAnswer, ids: ReadonlyMap<string, string>): boolean {
    const match = /^\{"reqId":.*"body":\{"sequence":(\d+)\}\}$/.exec(answer.body)
    const body = Buffer.from(input.body).toString()
    const dialogId = /"dialogId":"([^"]*)"/.exec(body)?.[1]
    const isOwn = [...ids.values()].some(id => id === dialogId)
    const isCounted = !body.includes('ChatStateEvent') && !('Content-Encoding' in input.headers)
    if (answer.status !== 200 || !match || !dialogId || !isOwn || !isCounted) return false
    const given = this.#given.get(dialogId) ?? new Set()
    this.#given.set(dialogId, given)
    const number = Number(match[1])
    if (given.has(number)) return true
    given.add(number)
    return false
  }

  countOf(dialogId: string): number {
    return this.#given.get(dialogId)?.size ?? 0
  }
}

const withIds = (input: FuzzInput, ids: ReadonlyMap<string, string>): FuzzInput => {
  const isPlain = !('Content-Encoding' in input.headers)
  const text = Buffer.from(input.body).toString('latin1')
  if (!isPlain || !text.includes('conversation-')) return input
  const filled = text.replace(/conversation-[12](?=")/g, name => ids.get(name) ?? name)
  return { ...input, body: Buffer.from(filled, 'latin1') }
}

/** An input without its tokens: which they are is said in their place. */
function show({ method, path, headers, body }: FuzzInput, { appJwt, consumerJws }: FuzzTokens) {
  const good = [appJwt, consumerJws].map(({ good: token }) => ['good', token] as const)
  const names = [...good, ...Object.entries(appJwt), ...Object.entries(consumerJws)]
  const nameOf = (value: string): string => {
    const name = names.find(([, token]) => token !== '' && token === value)?.[0]
    return name === undefined ? value : `<${name}>`
  }
  const shown = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, nameOf(value)]),
  )
  const text = Buffer.from(body).toString('latin1')
  return JSON.stringify({ method, path, headers: shown, body: text }).slice(0, 2000)
}

async function checkEnd(
  target: Awaited<ReturnType<typeof startTarget>>,
  numbers: Numbers,
): Promise<string | undefined> {
  const health = await fetch(`${target.url}/__sendbox/health`)
  if (health.status !== 200) return `health answers ${health.status}`
  if ('polluted' in {}) return 'the prototype of all objects was changed'
  for (const [dialogId, id] of target.ids) {
    const { next } = await target.counted(dialogId)
    if (numbers.countOf(id) > next)
      return `${dialogId} gave ${numbers.countOf(id)} numbers, and shows ${next}`
  }
  return undefined
}

/** Lets seeded hostile input loose on a mock, and stops at the first thing that must not be. */
export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const { seed, runs, sabotage, stuckAfterMs = 20_000, onProgress } = options
  await using target = await startTarget(sabotage)
  const random: Random = createRandom(seed)
  const numbers = new Numbers()
  const statuses: Record<number, number> = {}
  let made = 0
  let fault: string | undefined
  const fail = (reason: string, index: number, input?: FuzzInput, answer?: RawAnswer): void => {
    const replay = `pnpm --filter @sendbox/test run fuzz --seed ${seed} --runs ${index + 1}`
    const shown = [
      input && show(input, target.tokens),
      answer && `${answer.status} ${answer.body.slice(0, 300)}`,
    ]
    fault ??= [`${reason} (input ${index}; replay: ${replay})`, ...shown].filter(Boolean).join('\n')
  }
  const isOver = (): boolean => fault !== undefined
  collectGarbage()
  const heapAtStart = process.memoryUsage().heapUsed
  const checkHeap = (): void => {
    collectGarbage()
    const { heapUsed } = process.memoryUsage()
    onProgress?.(made, heapUsed)
    if (heapUsed - heapAtStart > mostHeapBytes(made))
      fail(`the heap grew to ${heapUsed} bytes`, made)
  }
  const work = async (): Promise<void> => {
    const connection = new Connection(target.url)
    for (let index = made; made < runs && !isOver(); index = made) {
      made += 1
      if (made % heapCheckEvery === 0) checkHeap()
      const input = withIds(nextInput(random, target.tokens), target.ids)
      const bytes = toRequest({
        ...input,
        headers: { Host: new URL(target.url).host, ...input.headers },
      })
      const answer = await connection.ask(bytes, stuckAfterMs)
      const status = typeof answer === 'object' ? answer.status : 0
      statuses[status] = (statuses[status] ?? 0) + 1
      if (answer === 'stuck') fail('no answer, and no end of the connection', index, input)
      if (typeof answer !== 'object') continue
      const wrong = faultOf(answer, input, target.tokens)
      if (wrong) fail(wrong, index, input, answer)
      if (numbers.isRepeated(input, answer, target.ids))
        fail('a number was given twice', index, input, answer)
    }
    connection.end()
  }
  await Promise.all(Array.from({ length: workers }, work))
  const atEnd = fault === undefined ? await checkEnd(target, numbers) : undefined
  if (atEnd) fail(atEnd, made)
  return { runs: made, statuses, ...(fault !== undefined && { fault }) }
}
