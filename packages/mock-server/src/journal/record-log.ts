import { Fifo } from '../fifo.ts'

/** How a wait ended. */
export type WaitEnd = 'met' | 'timeout' | 'closed'

/** The account of a log, and the updates of all accounts on what is logged. */
export interface RecordLogOptions<Update> {
  /** `null` for the log of what has no account. */
  readonly accountId: string | null
  /** Calls the listener for each update; returns a function that unsubscribes it. */
  readonly subscribe: (listener: (update: Update) => void) => () => void
}

/** The newest records of an account, oldest first. */
export class RecordLog<LoggedRecord, Update extends { readonly accountId: string | null }> {
  protected readonly records = new Fifo<LoggedRecord>()
  readonly #options: RecordLogOptions<Update>
  readonly #closers = new Set<() => void>()

  constructor(options: RecordLogOptions<Update>) {
    this.#options = options
  }

  /** The number of records. */
  get length(): number {
    return this.records.length
  }

  /** The number of open waits. */
  get waits(): number {
    return this.#closers.size
  }

  /**
   * Passes each update of the account to a listener until that calls `end`, `timeoutMs` of wall time are over, the log is closed or the
   * signal is aborted.
   */
  protected wait(
    timeoutMs: number,
    onUpdate: (update: Update, end: () => void) => void,
    signal?: AbortSignal,
  ): Promise<WaitEnd> {
    if (signal?.aborted) return Promise.resolve('closed')
    return new Promise(resolve => {
      const finish = (end: WaitEnd): void => {
        unsubscribe()
        clearTimeout(timer)
        this.#closers.delete(close)
        signal?.removeEventListener('abort', close)
        resolve(end)
      }
      const close = () => finish('closed')
      const timer = setTimeout(() => finish('timeout'), timeoutMs)
      const { accountId, subscribe } = this.#options
      const unsubscribe = subscribe(update => {
        if (update.accountId === accountId) onUpdate(update, () => finish('met'))
      })
      this.#closers.add(close)
      signal?.addEventListener('abort', close)
    })
  }

  /** Ends all waits, met or not. */
  close(): void {
    for (const close of this.#closers) close()
  }
}
