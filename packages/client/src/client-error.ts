/** What went wrong, as a program reads it; each code belongs to one class. */
export type ClientErrorCode =
  | 'API_ERROR'
  | 'TOKEN_REFUSED'
  | 'INVALID_REQUEST'
  | 'INVALID_RESPONSE'
  | 'CONNECTION_FAILED'

/** The call that an error is about; `path` is the template, so that no account shows. */
export interface FailedCall {
  /** What the call was for, as the subject of a message: `Sending ms.PublishEvent`. */
  readonly purpose: string
  readonly method: string
  readonly path: string
  /** Claims that doing it twice does no more than doing it once. */
  readonly isRepeatable: boolean
}

export interface ClientErrorDetails {
  readonly isRetryable: boolean
  readonly cause?: unknown
}

/** Found by `Symbol.for`, so that every installed copy of this package brands alike. */
export const clientErrorBrand: unique symbol = Symbol.for('@sendbox/client/ClientError')

/**
 * The base of every error that the client's calls reject with; tell them apart by `code`.
 * Programmer mistakes, such as an empty account id, are a `TypeError` instead.
 */
export abstract class ClientError extends Error {
  abstract readonly code: ClientErrorCode
  /** Claims that the same call may be made again, and that a repeat acts once. */
  readonly isRetryable: boolean

  constructor(message: string, details: ClientErrorDetails) {
    super(message, 'cause' in details ? { cause: details.cause } : {})
    this.name = new.target.name
    this.isRetryable = details.isRetryable
    Object.defineProperty(this, clientErrorBrand, { value: true })
  }
}
