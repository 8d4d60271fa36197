import type { ApiError } from './api-error.ts'
import { clientErrorBrand } from './client-error.ts'
import type { ConnectionError } from './connection-error.ts'
import type {
  AbortedError,
  ClientClosedError,
  FileRefusedError,
  InvalidRequestError,
  InvalidResponseError,
  QueueFullError,
} from './local-errors.ts'
import type { TimeoutError } from './timeout-error.ts'
import type { TokenError } from './token-error.ts'

/** Union of the client's errors, discriminated by `code`. */
export type AnyClientError =
  | ApiError
  | TokenError
  | InvalidRequestError
  | InvalidResponseError
  | ConnectionError
  | TimeoutError
  | AbortedError
  | QueueFullError
  | ClientClosedError
  | FileRefusedError

/**
 * Whether `value` is an error of this package; works across two installed copies.
 * @example
 * ```ts
 * await conversation.close()
 * try {
 *   await conversation.sendText('Still here?')
 * } catch (error) {
 *   if (!isClientError(error)) throw error
 *   console.log(error.code, error.isRetryable) // API_ERROR false
 * }
 * ```
 */
export const isClientError = (value: unknown): value is AnyClientError =>
  value instanceof Error && clientErrorBrand in value
