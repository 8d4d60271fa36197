import type { AbortedError } from './aborted-error.ts'
import type { ApiError } from './api-error.ts'
import type { ClientClosedError } from './client-closed-error.ts'
import { clientErrorBrand } from './client-error.ts'
import type { ConnectionError } from './connection-error.ts'
import type { FileRefusedError } from './file-refused-error.ts'
import type { InvalidRequestError } from './invalid-request-error.ts'
import type { InvalidResponseError } from './invalid-response-error.ts'
import type { QueueFullError } from './queue-full-error.ts'
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
