/**
 * The parts of an account's state. Snapshots list their fields, and restore them, in this order, and reset stops them in reverse: the
 * webhooks of an account are the last to start and the first to stop.
 */
export const partNames = [
  'store',
  'files',
  'clocks',
  'installs',
  'bots',
  'settings',
  'random',
  'rateLimit',
  'faults',
  'journals',
  'webhooks',
] as const
export type PartName = (typeof partNames)[number]

/** One kind of state that each account has. Listing, reset, snapshots and persistence are loops over {@link partNames}. */
export interface AccountPart<Fields extends object = object> {
  /** The accounts whose state is, or may be, no longer the initial one. */
  accountIds(): readonly string[] | Promise<readonly string[]>
  /** Returns an account, or all of them, to the initial state, and ends work in progress. */
  reset(accountId?: string): void | Promise<void>
  /** Copies an account's state as fields of a snapshot, without secrets. Absent for a part that no snapshot has. */
  snapshot?(accountId: string): Fields | Promise<Fields>
  /**
   * Replaces an account's state by that of a snapshot, synchronously; a promise resolves once it is on disk. Effects that others see start after
   * `committed`. Absent for a part that a restore leaves as it is.
   */
  restore?(accountId: string, fields: Fields, committed?: Promise<void>): void | Promise<void>
  /** Absent for a part that the data folder does not have, or has as rows: conversations, profiles, files and webhooks. */
  readonly document?: PartDocument
}

/** A part with a value for each account whose state is, or may be, no longer the initial one. */
export abstract class ValuePart<Value> {
  protected readonly values = new Map<string, Value>()

  accountIds(): readonly string[] {
    return [...this.values.keys()]
  }

  /** Removes the value of an account, or of all. */
  reset(accountId?: string): void {
    for (const id of accountId === undefined ? this.accountIds() : [accountId]) {
      const value = this.values.get(id)
      if (value === undefined) continue
      this.values.delete(id)
      this.end(value, id)
    }
  }

  /** Ends the work in progress of a removed value. */
  protected end(_value: Value, _accountId: string): void {}
}

/** How the data folder persists a part: as one JSON document per account. */
export interface PartDocument<Value = unknown> {
  /** Its key in the data folder. */
  readonly name: string
  /** Whether a failed commit rolls it back to what is on disk; if not, the next commit writes it. */
  readonly rollsBack?: true
  /** The account's state, with secrets; `undefined` for the initial one. */
  capture(accountId: string): Value | undefined
  /** Replaces the account's state; `undefined` is the initial one. */
  restore(accountId: string, value: Value | undefined): void
}
