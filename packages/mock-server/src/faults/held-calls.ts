import type { Socket } from 'node:net'

/** A call without a response yet. */
export interface HeldCall {
  readonly accountId: string
  readonly socket: Socket
}

interface Held {
  readonly accountId: string
  readonly close: () => void
  readonly drop: () => void
}

/** The calls that faults delay or hang. */
export class HeldCalls {
  readonly #held = new Set<Held>()
  #isClosing = false

  /** The number of delayed and hung calls. */
  get size(): number {
    return this.#held.size
  }

  /**
   * Resolves with `true` after `delayMs` of wall time, even if the caller has disconnected; with `false` if a reset of the account cancels
   * the call, which closes the connection.
   */
  delay({ accountId, socket }: HeldCall, delayMs: number): Promise<boolean> {
    if (this.#isClosing) return Promise.resolve(true)
    return new Promise(resolve => {
      const end = (isOver: boolean) => {
        clearTimeout(timer)
        this.#held.delete(held)
        if (!isOver) socket.destroy()
        resolve(isOver)
      }
      const held = { accountId, close: () => end(true), drop: () => end(false) }
      const timer = setTimeout(held.close, delayMs).unref()
      this.#held.add(held)
    })
  }

  /** Holds a connection open until the caller closes it, the account is reset or the mock closes. */
  hang({ accountId, socket }: HeldCall): void {
    if (this.#isClosing) socket.destroy()
    if (socket.destroyed) return
    const end = () => {
      socket.destroy()
    }
    const held = { accountId, close: end, drop: end }
    this.#held.add(held)
    socket.once('close', () => this.#held.delete(held))
  }

  /** Closes hung calls, ends all delays, and holds no more calls. */
  close(): void {
    this.#isClosing = true
    for (const { close } of this.#held) close()
  }

  /** Cancels the held calls of an account, or of all accounts, and closes their connections. */
  drop(accountId?: string): void {
    for (const held of this.#held)
      if (accountId === undefined || held.accountId === accountId) held.drop()
  }
}
