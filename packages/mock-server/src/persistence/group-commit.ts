import type { DataChange } from './database.ts'

/** Steps that are written together. */
interface Batch {
  readonly changes: DataChange[]
  readonly accountIds: Set<string>
  readonly done: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

function createBatch(): Batch {
  let settle: Pick<Batch, 'resolve' | 'reject'> | undefined
  const done = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject }
  })
  // Who wrote is told of a failure; where that is nobody, it must not end the process.
  done.catch(() => {})
  const { resolve, reject } = settle as unknown as Pick<Batch, 'resolve' | 'reject'>
  return { changes: [], accountIds: new Set(), done, resolve, reject }
}

interface WriteQueueOptions {
  /** Writes all changes or none. */
  readonly commit: (changes: readonly DataChange[]) => Promise<void>
  /** Takes these accounts back to what is on disk, and gives the error for those who wrote. */
  readonly fail: (error: unknown, accountIds: ReadonlySet<string>) => Error
}

/**
 * Writes one batch at a time, in the order in which it was asked; what comes meanwhile is the next batch. Where a batch fails, so does
 * what waits behind it, because it was worked out on top of what is not kept.
 */
export class GroupCommit {
  readonly #options: WriteQueueOptions
  #waiting: Batch | undefined
  #writing: Batch | undefined

  constructor(options: WriteQueueOptions) {
    this.#options = options
  }

  /** Resolves once the changes, all of them at once, are on disk. */
  write(accountId: string, changes: readonly DataChange[]): Promise<void> {
    const batch = this.#waiting ?? this.#begin()
    for (const change of changes) batch.changes.push(change)
    batch.accountIds.add(accountId)
    return batch.done
  }

  /** Resolves once what is written next is on disk. */
  next(): Promise<void> {
    return (this.#waiting ?? this.#begin()).done
  }

  /** Resolves once all that was asked so far is on disk. */
  settled(): Promise<void> {
    return (this.#waiting ?? this.#writing)?.done ?? Promise.resolve()
  }

  #begin(): Batch {
    const batch = createBatch()
    this.#waiting = batch
    if (this.#writing === undefined) setImmediate(() => void this.#run())
    return batch
  }

  async #run(): Promise<void> {
    while (this.#waiting && this.#writing === undefined) {
      const batch = this.#waiting
      this.#writing = batch
      this.#waiting = undefined
      try {
        await this.#options.commit(batch.changes)
        batch.resolve()
      } catch (error) {
        this.#fail(error, batch)
      }
      this.#writing = undefined
    }
  }

  #fail(error: unknown, batch: Batch): void {
    const failed = this.#waiting ? [batch, this.#waiting] : [batch]
    this.#waiting = undefined
    const accountIds = new Set(failed.flatMap(({ accountIds: ids }) => [...ids]))
    const failure = this.#options.fail(error, accountIds)
    for (const { reject } of failed) reject(failure)
  }
}
