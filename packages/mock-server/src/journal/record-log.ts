import { Fifo } from '../fifo.ts'

/** How a wait ended. */
export type WaitEnd = 'met' | 'timeout' | 'closed'

/** The account of a log, and the updates of all accounts on what is logged. */
export interface RecordLogOptions<Update> {
  readonly accountId: string
  /** Calls the listener for each update; returns a function that unsubscribes it. */
  readonly subscribe: (listener: (update: Update) => void) => () => void
}

/** The newest records of an account, oldest first. */
export class RecordLog<LoggedRecord, Update extends { readonly accountId: string }> {
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

  /** Passes each update of the account to a listener until that calls `end`, `timeoutMs` of wall time are over or the log is closed. */
  protected wait(
    timeoutMs: number,
    onUpdate: (update: Update, end: () => void) => void,
  ): Promise<WaitEnd> {
    return new Promise(resolve => {
      const finish = (end: WaitEnd): void => {
        unsubscribe()
        clearTimeout(timer)
        this.#closers.delete(close)
        resolve(end)
      }
      const close = () => finish('closed')
      const timer = setTimeout(() => finish('timeout'), timeoutMs)
      const { accountId, subscribe } = this.#options
      const unsubscribe = subscribe(update => {
        if (update.accountId === accountId) onUpdate(update, () => finish('met'))
      })
      this.#closers.add(close)
    })
  }

  /** Ends all waits, met or not. */
  close(): void {
    for (const close of this.#closers) close()
  }
}
