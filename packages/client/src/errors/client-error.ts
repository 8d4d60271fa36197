import { toLine } from '../log.ts'

/** Kind of failure; each code belongs to one class. */
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

/** A request that was sent and whose outcome is unknown: enough to reconcile. */
export interface SentRequest {
  readonly operation: 'send' | 'conversation'
  /** The `ext_consumer_id`. */
  readonly consumer: string
  /** Request id; in a batch, that of `cm.ConsumerRequestConversation`. Rule: REQ-2. */
  readonly requestId: string
  readonly conversationId?: string | undefined
  readonly dialogId?: string | undefined
  /** When its last attempt was sent, in ms since the epoch. */
  readonly sentAtMs: number
  /** The event as sent; not enumerable, so that logs do not show a consumer's text. */
  readonly event?: unknown
}

/** The call that an error describes; `path` is the template, without the account id. */
export interface CallInfo {
  /** Subject of the error message, such as `Sending ms.PublishEvent`. */
  readonly purpose: string
  readonly method: string
  readonly path: string
  /** Whether a retry has no further effect, or the caller accepts duplicates. */
  readonly idempotent: boolean
  /** Whether the last attempt was written to a connection, at least in part. */
  readonly wasSent: boolean
  /** @default 0 */
  readonly attempts?: number
  /** The last attempt, if it was sent and is not idempotent. */
  readonly sent?: SentRequest | undefined
  /** An earlier attempt with an unknown outcome. */
  readonly sentEarlier?: SentRequest | undefined
}

export interface ClientErrorDetails {
  /** @default false */
  readonly isRetryable?: boolean
  /**
   * Whether the last attempt had no effect: it was refused or never sent.
   * @default !call.wasSent
   */
  readonly notProcessed?: boolean
  readonly cause?: unknown
}

/** Shared by all installed copies of this package through `Symbol.for`. */
export const clientErrorBrand: unique symbol = Symbol.for('@sendbox/client/ClientError')

/**
 * Base class of the errors that the client's calls reject with, discriminated by `code`.
 * Programmer mistakes, such as an empty account id, are a `TypeError` or `RangeError` instead.
 */
export abstract class ClientError extends Error {
  abstract readonly code: ClientErrorCode
  /** Whether the same call may be made again without a duplicate effect. */
  readonly isRetryable: boolean
  /** Whether a message or a new conversation may or may not exist; see `sent`. */
  readonly outcomeUnknown: boolean
  /** The request with the unknown outcome. */
  readonly sent: SentRequest | undefined
  /** Number of attempts; 0 if the call failed before its first. */
  readonly attempts: number

  /** The message is `<purpose> failed: <reason>` on one line, also where a server's words have line breaks. */
  constructor(call: CallInfo, reason: string, details: ClientErrorDetails = {}) {
    const { isRetryable = false, notProcessed = !call.wasSent } = details
    const isEarlier = notProcessed && call.sentEarlier !== undefined
    super(
      toLine(
        `${call.purpose} failed: ${reason}${isEarlier ? ' An earlier attempt may have acted.' : ''}`,
      ),
      'cause' in details ? { cause: details.cause } : {},
    )
    this.name = new.target.name
    this.isRetryable = isRetryable
    this.sent = (notProcessed ? undefined : call.sent) ?? call.sentEarlier
    this.outcomeUnknown = this.sent !== undefined
    this.attempts = call.attempts ?? 0
    Object.defineProperty(this, clientErrorBrand, { value: true })
  }
}
