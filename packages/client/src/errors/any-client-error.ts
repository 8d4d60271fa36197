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

/** Every error of the client, told apart by `code`. */
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

/** Tells whether `value` is an error of this package, also of another installed copy of it. */
export const isClientError = (value: unknown): value is AnyClientError =>
  value instanceof Error && clientErrorBrand in value
