import type { ClientSendRequest } from './send/send-request.ts'

/** How one call is made; every method takes these. */
export interface CallOptions {
  /** Ends the call early, also while it waits for its turn or for a repeat. */
  readonly signal?: AbortSignal | undefined
  /**
   * How long the call may take, in ms, with all that it waits for: its turn, tokens, repeats.
   *
   * @default the client's `timeoutMs`
   */
  readonly timeoutMs?: number | undefined
  /**
   * Accepts that a message or a new conversation comes about twice: the call is then repeated where
   * its outcome is unknown, as others are.
   *
   * @default false
   */
  readonly mayActTwice?: boolean | undefined
}

/** How one event is published. */
export interface PublishOptions extends CallOptions {
  /** The request's top-level metadata, one element or a list. Rule: REQ-5. */
  readonly metadata?: ClientSendRequest['metadata']
}
