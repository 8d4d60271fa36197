/** Why a data folder cannot be used. */
export type DataErrorCode =
  | 'notAFolder'
  | 'foreign'
  | 'newer'
  | 'locked'
  | 'unreadable'
  | 'unwritable'

/** A data folder that cannot be used; the message says what to do next. */
export class DataError extends Error {
  override readonly name = 'DataError'
  readonly code: DataErrorCode

  constructor(code: DataErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
