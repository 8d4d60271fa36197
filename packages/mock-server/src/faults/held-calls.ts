import type { Socket } from 'node:net'

/** A call whose answer is held back. */
export interface HeldCall {
  readonly accountId: string
  readonly socket: Socket
}

interface Held {
  readonly accountId: string
  readonly close: () => void
  readonly drop: () => void
}

/** The calls that faults hold back, for a while or for good. */
export class HeldCalls {
  readonly #held = new Set<Held>()
  #isClosing = false

  /** How many calls it holds. */
  get size(): number {
    return this.#held.size
  }

  /**
   * Resolves with `true` once so many ms of wall time are over, also where the caller has gone; and with `false` where the
   * account is reset meanwhile, which ends the connection.
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

  /** Keeps a connection without an answer until the caller gives up, the account is reset or the mock closes. */
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

  /** Ends what hangs, lets what is delayed go on at once, and holds nothing from now on. */
  close(): void {
    this.#isClosing = true
    for (const { close } of this.#held) close()
  }

  /** Ends all calls of an account, or of all, without processing them. */
  drop(accountId?: string): void {
    for (const held of this.#held)
      if (accountId === undefined || held.accountId === accountId) held.drop()
  }
}
