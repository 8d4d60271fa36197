/** A kind of row, then the numbers or the name that tell it from the others of its account. */
export type RowKey = readonly [kind: string, ...row: (number | string)[]]

/** A row of an account: JSON, or bytes for the kind `bytes`. */
export interface DataRow {
  readonly key: RowKey
  readonly value: unknown
}

/** A row to write; `undefined` removes it. */
export interface DataChange {
  readonly key: RowKey
  readonly value: unknown
}

/** Port of the storage of all accounts; each account is read and written by itself, by the one owner that has its token. */
export interface Database {
  /** The folder, as users named it. */
  readonly folder: string
  /** Identifies this owner; another owner has another one. */
  readonly token: string
  /** The accounts that have rows, or had some. */
  accountIds(): Promise<readonly string[]>
  /** The rows of an account, in the order of their keys. */
  load(accountId: string): Promise<readonly DataRow[]>
  /** Writes all changes or none, and resolves once they are on disk; rejects without a change if the token is not the owner's. */
  commit(accountId: string, token: string, changes: readonly DataChange[]): Promise<void>
  /** Free bytes of the storage. */
  freeBytes(): number
  close(): Promise<void>
}
