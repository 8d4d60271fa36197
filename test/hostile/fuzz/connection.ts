import type { Socket } from 'node:net'
import { openSocket, type RawAnswer, readAnswers } from '../raw-socket.ts'

/** The answers to requests that were sent together, in order; fewer where the connection ended. */
export interface Answers {
  readonly answers: readonly RawAnswer[]
  /** Whether an answer did not come, though the connection is open. */
  readonly isStuck: boolean
}

/** A connection that is opened again where the mock ends it. */
export class Connection {
  readonly #url: string
  #socket: Socket | undefined

  constructor(url: string) {
    this.#url = url
  }

  /** Sends requests without waiting for the answers between them. */
  async ask(requests: readonly Buffer[], stuckAfterMs: number): Promise<Answers> {
    this.#socket ??= await openSocket(this.#url)
    const socket = this.#socket
    return new Promise(resolve => {
      const answers: RawAnswer[] = []
      let received = Buffer.alloc(0)
      const finish = (isOver: boolean, isStuck = false): void => {
        clearTimeout(timer)
        socket.removeAllListeners('data').removeAllListeners('end').removeAllListeners('close')
        if (isOver) {
          socket.destroy()
          this.#socket = undefined
        }
        resolve({ answers, isStuck })
      }
      const timer = setTimeout(() => finish(true, true), stuckAfterMs)
      const read = (isClosed: boolean): void => {
        const { answers: more, rest } = readAnswers(received, isClosed)
        received = Buffer.from(rest)
        answers.push(...more)
        const isOver = isClosed || answers.at(-1)?.headers['connection'] === 'close'
        if (isOver || answers.length >= requests.length) finish(isOver)
      }
      socket.on('data', chunk => {
        received = Buffer.concat([received, chunk])
        read(false)
      })
      socket.on('end', () => read(true))
      socket.on('close', () => read(true))
      socket.write(Buffer.concat(requests))
    })
  }

  end(): void {
    this.#socket?.destroy()
  }
}
