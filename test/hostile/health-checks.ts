import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const entry = fileURLToPath(import.meta.url)

/** Between the answer to one check and the next one. */
const pauseMs = 3

/** Health checks of a mock, one after the other on a connection of their own, out of another process. */
export interface HealthChecks extends AsyncDisposable {
  /** Starts to measure; resolves once a check was answered. */
  restart(): Promise<void>
  /** Resolves with the longest time that an answer took since then, in ms, that of a check which is on its way included. */
  longest(): Promise<number>
}

export async function startHealthChecks(url: string): Promise<HealthChecks> {
  const child = fork(entry, [url])
  const ended = once(child, 'exit').then(() => {
    throw new Error('The health checks ended: the mock answers no more')
  })
  ended.catch(() => {})
  const ask = async (question: 'restart' | 'longest'): Promise<number> => {
    const answered = once(child, 'message') as Promise<[number]>
    child.send(question)
    const [longest] = await Promise.race([answered, ended])
    return longest
  }
  return {
    restart: async () => void (await ask('restart')),
    longest: () => ask('longest'),
    [Symbol.asyncDispose]: async () => void child.kill(),
  }
}

function check(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    request(`${url}/__sendbox/health`, { agent }, response => {
      response.resume().once('end', resolve)
    })
      .once('error', reject)
      .end()
  })
}

async function checkForEver(url: string): Promise<never> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let longest = 0
  let question: string | undefined
  process.on('message', asked => {
    question = String(asked)
  })
  for (;;) {
    const asked = question
    const sentAt = performance.now()
    await check(url, agent)
    longest = Math.max(longest, performance.now() - sentAt)
    if (asked !== undefined) {
      process.send?.(longest)
      question = undefined
    }
    if (asked === 'restart') longest = 0
    await delay(pauseMs)
  }
}

if (process.argv[1] === entry) await checkForEver(process.argv[2] ?? '')
