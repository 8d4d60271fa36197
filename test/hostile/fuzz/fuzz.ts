import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { longestDelayOf, maxRatio, timeOf } from '../loop-delay.ts'
import { createRandom, type Random } from '../random.ts'
import { type RawAnswer, toRequest } from '../raw-socket.ts'
import { Connection } from './connection.ts'
import { type FuzzInput, type FuzzTokens, nextHeavyInput, nextInput } from './input.ts'
import { faultOf, showsSecret } from './oracle.ts'
import { type Sabotage, startTarget } from './target.ts'

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

/** After so many inputs the mock is examined: heap, log, and how long a heavy input delays the loop. */
const inputsPerRound = 2000

/** How many heavy inputs are measured in a round. */
const heavyInputs = 3

/** A heavy input may be measured so often, as whatever else the machine does adds to a delay. */
const maxMeasurements = 8

/** How many requests are sent without waiting for answers: mostly one; more than the mock reads ahead now and then. */
const toBurst = (random: Random): number => {
  if (random.oneIn(400)) return 150
  return random.oneIn(20) ? 2 + random.below(30) : 1
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

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
  const toBytes = (input: FuzzInput): Buffer =>
    toRequest({ ...input, headers: { Host: new URL(target.url).host, ...input.headers } })
  collectGarbage()
  const heapAtStart = process.memoryUsage().heapUsed
  const checkHeap = (): void => {
    collectGarbage()
    const { heapUsed } = process.memoryUsage()
    onProgress?.(made, heapUsed)
    if (heapUsed - heapAtStart > mostHeapBytes(made))
      fail(`the heap grew to ${heapUsed} bytes`, made)
  }
  const checkDelay = async (): Promise<void> => {
    const input = nextHeavyInput(random, target.tokens)
    const bytes = toBytes(input)
    const text = Buffer.from(input.body).toString()
    const connection = new Connection(target.url)
    const parseTimes: number[] = []
    const delays: number[] = []
    const ratio = (): number => Math.min(...delays) / Math.min(...parseTimes)
    while (delays.length === 0 || (delays.length < maxMeasurements && ratio() > maxRatio)) {
      parseTimes.push(timeOf(() => JSON.parse(text)))
      delays.push(await longestDelayOf(() => connection.ask([bytes], stuckAfterMs)))
    }
    connection.end()
    if (ratio() > maxRatio)
      fail(
        `the loop was delayed for ${Math.round(ratio())} times as long as JSON.parse`,
        made,
        input,
      )
  }
  const checkLog = (): void => {
    const leaks = target.readLog().filter(line => showsSecret(line, target.tokens))
    if (leaks[0] !== undefined) fail(`a line of the log shows a secret: ${leaks[0]}`, made)
  }
  const work = async (end: number): Promise<void> => {
    const connection = new Connection(target.url)
    for (let index = made; made < end && !isOver(); index = made) {
      const inputs = Array.from({ length: Math.min(toBurst(random), end - made) }, () =>
        withIds(nextInput(random, target.tokens), target.ids),
      )
      made += inputs.length
      const { answers, isStuck } = await connection.ask(inputs.map(toBytes), stuckAfterMs)
      for (const [at, input] of inputs.entries()) {
        const answer = answers[at]
        const status = answer?.status ?? 0
        statuses[status] = (statuses[status] ?? 0) + 1
        if (isStuck && at === answers.length)
          fail('no answer, and no end of the connection', index + at, input)
        if (answer === undefined) continue
        const wrong = faultOf(answer, input, target.tokens)
        if (wrong) fail(wrong, index + at, input, answer)
        if (numbers.isRepeated(input, answer, target.ids))
          fail('a number was given twice', index + at, input, answer)
      }
    }
    connection.end()
  }
  for (let end = 0; end < runs && !isOver(); ) {
    end = Math.min(end + inputsPerRound, runs)
    await Promise.all(Array.from({ length: workers }, () => work(end)))
    for (let heavy = 0; heavy < heavyInputs && !isOver(); heavy += 1) await checkDelay()
    if (!isOver()) checkHeap()
    checkLog()
  }
  const atEnd = fault === undefined ? await checkEnd(target, numbers) : undefined
  if (atEnd) fail(atEnd, made)
  return { runs: made, statuses, ...(fault !== undefined && { fault }) }
}
