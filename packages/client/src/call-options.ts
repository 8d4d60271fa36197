import type { SendRequestInput } from '@sendbox/schema'

/** Options of every call. */
export interface CallOptions {
  /** Aborts the call, also while it is queued or waits for a retry. */
  readonly signal?: AbortSignal | undefined
  /**
   * Timeout of the whole call in ms, including its time in the queue, token requests and retries.
   * @default the client's `timeoutMs`
   */
  readonly timeoutMs?: number | undefined
  /**
   * Also retries a message or a new conversation whose outcome is unknown; may create duplicates.
   * @default false
   */
  readonly retryNonIdempotent?: boolean | undefined
  /** @deprecated Use `retryNonIdempotent`. */
  readonly mayActTwice?: boolean | undefined
}

/** Options of a published event. */
export interface PublishOptions extends CallOptions {
  /** The request's top-level metadata, one element or a list. Rule: REQ-5. */
  readonly metadata?: SendRequestInput['metadata']
}

/** Whether the caller accepts duplicates, by either name of the option. */
export const acceptsDuplicates = (options: CallOptions): boolean =>
  options.retryNonIdempotent ?? options.mayActTwice ?? false
