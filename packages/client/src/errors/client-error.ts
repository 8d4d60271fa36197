/** What went wrong, as a program reads it; each code belongs to one class. */
export type ClientErrorCode =
  | 'API_ERROR'
  | 'TOKEN_REFUSED'
  | 'INVALID_REQUEST'
  | 'INVALID_RESPONSE'
  | 'CONNECTION_FAILED'
  | 'TIMEOUT'
  | 'ABORTED'
  | 'QUEUE_FULL'
  | 'CLIENT_CLOSED'
  | 'FILE_REFUSED'

/** What is known of a request that left and may have acted: enough to look for its effect. */
export interface SentRequest {
  readonly operation: 'send' | 'conversation'
  /** The `ext_consumer_id`. */
  readonly consumer: string
  /** The id of the request; of a new conversation's, where it is a batch. Rule: REQ-2. */
  readonly requestId: string
  readonly conversationId?: string | undefined
  readonly dialogId?: string | undefined
  /** When the last such attempt left, in ms since the epoch. */
  readonly sentAtMs: number
  /** The event as it left; not enumerable, so that a log does not show what a consumer wrote. */
  readonly event?: unknown
}

/** The call that an error is about; `path` is the template, so that no account shows. */
export interface FailedCall {
  /** What the call was for, as the subject of a message: `Sending ms.PublishEvent`. */
  readonly purpose: string
  readonly method: string
  readonly path: string
  /** Claims that doing it twice does no more than doing it once, or that its caller accepts it. */
  readonly isRepeatable: boolean
  /** Claims that the last attempt reached a connection, at least in part. */
  readonly wasSent: boolean
  /** @default 0 */
  readonly attempts?: number
  /** The last attempt, where it was sent and a repeat may act twice. */
  readonly sent?: SentRequest | undefined
  /** An attempt before it, whose outcome is unknown. */
  readonly sentEarlier?: SentRequest | undefined
}

/** What a class of errors says of itself. */
export interface ClientErrorDetails {
  readonly isRetryable: boolean
  /** Claims that the last attempt did not act: it was refused, or never left. */
  readonly didNotAct: boolean
  readonly cause?: unknown
}

/** Found by `Symbol.for`, so that every installed copy of this package brands alike. */
export const clientErrorBrand: unique symbol = Symbol.for('@sendbox/client/ClientError')

/**
 * The base of every error that the client's calls reject with; tell them apart by `code`.
 * Programmer mistakes, such as an empty account id, are a `TypeError` or `RangeError` instead.
 */
export abstract class ClientError extends Error {
  abstract readonly code: ClientErrorCode
  /** Claims that the same call may be made again, and that a repeat acts once or may act twice. */
  readonly isRetryable: boolean
  /** Claims that a message or a new conversation may or may not have come about; see `sent`. */
  readonly outcomeUnknown: boolean
  /** The request whose outcome is unknown. */
  readonly sent: SentRequest | undefined
  /** How often the call was tried. */
  readonly attempts: number

  constructor(message: string, call: FailedCall, details: ClientErrorDetails) {
    const earlier = details.didNotAct && call.sentEarlier !== undefined
    super(
      earlier ? `${message} An earlier attempt may have acted.` : message,
      'cause' in details ? { cause: details.cause } : {},
    )
    this.name = new.target.name
    this.isRetryable = details.isRetryable
    this.sent = (details.didNotAct ? undefined : call.sent) ?? call.sentEarlier
    this.outcomeUnknown = this.sent !== undefined
    this.attempts = call.attempts ?? 0
    Object.defineProperty(this, clientErrorBrand, { value: true })
  }
}
