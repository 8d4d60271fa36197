import type { DataChange } from './database.ts'

/** Changes that are committed together. */
class Batch {
  readonly changes: DataChange[] = []
  readonly accountIds = new Set<string>()
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

interface GroupCommitOptions {
  /** Writes all changes or none. */
  readonly commit: (changes: readonly DataChange[]) => Promise<void>
  /** Rolls these accounts back to what is on disk, and returns the error that writers get. */
  readonly fail: (error: unknown, accountIds: ReadonlySet<string>) => Error
}

/** Group commit: changes that arrive during a commit form the next batch; a failed commit fails the batch behind it, too. */
export class GroupCommit {
  readonly #options: GroupCommitOptions
  #waiting: Batch | undefined
  #writing: Batch | undefined

  constructor(options: GroupCommitOptions) {
    this.#options = options
  }

  /** Resolves once the changes are on disk; all of them or none. */
  write(accountId: string, changes: readonly DataChange[]): Promise<void> {
    const batch = this.#waiting ?? this.#start()
    for (const change of changes) batch.changes.push(change)
    batch.accountIds.add(accountId)
    return batch.done
  }

  /** Resolves once the batch is on disk that the next `write` adds to. */
  next(): Promise<void> {
    return (this.#waiting ?? this.#start()).done
  }

  /** Resolves once everything written so far is on disk. */
  settled(): Promise<void> {
    return (this.#waiting ?? this.#writing)?.done ?? Promise.resolve()
  }

  #start(): Batch {
    const batch = new Batch()
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
