import type { Dispatcher } from 'undici'
import type { CallScope } from './deadline.ts'

/** A response before it is parsed. */
export interface RawResponse {
  readonly status: number
  readonly retryAfter: string | undefined
  /** Absent if it exceeds `maxResponseBytes`. */
  readonly body: Buffer | undefined
}

export interface DispatchContext {
  readonly scope: CallScope
  /** Called when the request is written to a connection; nothing was sent before. */
  readonly onSent: () => void
  /** Maximum body size that is buffered. */
  readonly maxResponseBytes: number
}

/** Node's parser attaches the bytes that it could not parse, which may contain a token. */
function withoutData(error: Error): Error {
  if ('data' in error) Reflect.deleteProperty(error, 'data')
  return error
}

/** Sends one request and buffers the response; rejects with the dispatcher's error or the scope's interruption. */
export const dispatch = (
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  { scope, onSent, maxResponseBytes }: DispatchContext,
): Promise<RawResponse> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let controller: Dispatcher.DispatchController | undefined
    let status = 0
    let size = 0
    let retryAfter: string | undefined
    scope.onInterruption(interruption => {
      reject(interruption)
      controller?.abort(interruption)
    })
    if (scope.interruption !== undefined) return
    dispatcher.dispatch(request, {
      onRequestStart(started) {
        // The call may have been interrupted while it waited for a connection.
        if (scope.interruption !== undefined) {
          started.abort(scope.interruption)
          return
        }
        controller = started
        onSent()
      },
      onResponseStart(_, statusCode, headers) {
        status = statusCode
        if (status >= 400) [retryAfter] = [headers['retry-after']].flat()
      },
      onResponseData(current, chunk) {
        size += chunk.length
        if (size <= maxResponseBytes) {
          chunks.push(chunk)
          return
        }
        resolve({ status, retryAfter, body: undefined })
        current.abort(new Error('the response is too large'))
      },
      onResponseEnd() {
        const [only] = chunks
        const body = only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks)
        resolve({ status, retryAfter, body })
      },
      onResponseError(_, error) {
        reject(withoutData(error))
      },
    })
  })
