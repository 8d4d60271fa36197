import type { DataChange } from './database.ts'

/** Changes that are committed together. */
class Batch {
  readonly changes: DataChange[] = []
  resolve!: () => void
  reject!: (error: Error) => void
  readonly done = new Promise<void>((resolve, reject) => {
    this.resolve = resolve
    this.reject = reject
  })

  constructor() {
    // A batch whose promise nobody awaits must not end the process.
    this.done.catch(() => {})
  }
}

interface CommitQueueOptions {
  /** Writes all changes or none. */
  readonly commit: (changes: readonly DataChange[]) => Promise<void>
  /**
   * Prepares to roll back to what is on disk. The function that it resolves with does so, and returns the error that writers get; it is
   * called synchronously before the changes that arrived in the meantime are rejected.
   */
  readonly prepareRollBack: (error: unknown) => Promise<() => Error>
}

/**
 * Group commit of one account: changes that arrive during a commit form the next batch. A failed commit fails the batch behind it, too,
 * because that was worked out on state that is rolled back.
 */
export class CommitQueue {
  readonly #options: CommitQueueOptions
  #waiting: Batch | undefined
  #writing: Batch | undefined

  constructor(options: CommitQueueOptions) {
    this.#options = options
  }

  /** Resolves once the changes are on disk; all of them or none. */
  write(changes: readonly DataChange[]): Promise<void> {
    const batch = this.#waiting ?? this.#start()
    for (const change of changes) batch.changes.push(change)
    return batch.done
  }

  /** Resolves once everything written so far is on disk; `undefined` if it is. */
  pending(): Promise<void> | undefined {
    return (this.#waiting ?? this.#writing)?.done
  }

  #start(): Batch {
    const batch = new Batch()
    this.#waiting = batch
    if (this.#writing === undefined) setImmediate(() => void this.#run())
    return batch
  }

  async #run(): Promise<void> {
    while (this.#waiting) {
      const batch = this.#waiting
      this.#writing = batch
      this.#waiting = undefined
      try {
        await this.#options.commit(batch.changes)
        batch.resolve()
      } catch (error) {
        await this.#fail(error, batch)
      }
      this.#writing = undefined
    }
  }

  async #fail(error: unknown, batch: Batch): Promise<void> {
    const rollBack = await this.#options.prepareRollBack(error)
    const failed = this.#waiting ? [batch, this.#waiting] : [batch]
    this.#waiting = undefined
    const failure = rollBack()
    for (const { reject } of failed) reject(failure)
  }
}
