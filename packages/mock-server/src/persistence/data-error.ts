/** Why a data folder cannot be used. */
export type DataErrorCode =
  | 'notAFolder'
  | 'foreign'
  | 'newer'
  | 'lmdbMissing'
  | 'locked'
  | 'damaged'
  | 'fenced'
  | 'unreadable'
  | 'unwritable'

/** A data folder that cannot be used; the message says what to do next. */
export class DataError extends Error {
  override readonly name = 'DataError'
  readonly code: DataErrorCode

  /** The message is `The data folder <folder> <words>`. */
  constructor(code: DataErrorCode, folder: string, words: string, cause?: unknown) {
    super(`The data folder ${folder} ${words}`, { cause })
    this.code = code
  }
}
