import { EventEmitter, once } from 'node:events'

/** A conversation: whose it is, and the highest number of the consumer's texts, as answered and as echoed. */
export interface Thread {
  readonly conversationId: string
  phone?: string
  isClosed: boolean
  answered: number
  echoed: number
}

/** The conversations that the connector knows of. They belong into a database, which all of its processes share. */
export class Threads {
  readonly #threads = new Map<string, Thread>()
  readonly #news = new EventEmitter().setMaxListeners(0)
  readonly #deadline: () => Promise<unknown>

  /** `deadline` resolves when what has not happened is no longer waited for. */
  constructor(deadline: () => Promise<unknown>) {
    this.#deadline = deadline
  }

  of(conversationId: string): Thread {
    const known = this.#threads.get(conversationId)
    if (known) return known
    const thread = { conversationId, isClosed: false, answered: -1, echoed: -1 }
    this.#threads.set(conversationId, thread)
    return thread
  }

  findOpen(isMeant: (thread: Thread) => boolean): Thread | undefined {
    return [...this.#threads.values()].find(thread => !thread.isClosed && isMeant(thread))
  }

  /** Lets those look again who wait for a change. */
  noteChange(): void {
    this.#news.emit('change')
  }

  /** Waits until something holds, and gives whether it did in time. */
  async happens(holds: () => boolean): Promise<boolean> {
    if (holds()) return true
    const isOver = this.#deadline().then(() => true)
    for (;;) {
      const change = once(this.#news, 'change').then(() => false)
      if ((await Promise.race([isOver, change])) || holds()) return holds()
    }
  }
}
