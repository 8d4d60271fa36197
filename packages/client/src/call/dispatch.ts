import type { Dispatcher } from 'undici'
import type { CallScope, Interruption } from './deadline.ts'

/** A response before it is parsed. */
export interface RawResponse {
  readonly status: number
  readonly retryAfter: string | undefined
  /** Absent if it exceeds `maxResponseBytes`. */
  readonly body: Buffer | undefined
}

const firstValue = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value

/** Node's parser attaches the bytes that it could not parse, which may contain a token. */
function withoutData(error: Error): Error {
  if ('data' in error) Reflect.deleteProperty(error, 'data')
  return error
}

/** Buffers the response; a class because one is created for every request. */
class ResponseHandler implements Dispatcher.DispatchHandler {
  readonly #options: DispatchContext
  readonly #resolve: (response: RawResponse) => void
  readonly #reject: (cause: unknown) => void
  readonly #chunks: Buffer[] = []
  #controller: Dispatcher.DispatchController | undefined
  #status = 0
  #size = 0
  #retryAfter: string | undefined

  constructor(
    options: DispatchContext,
    resolve: (response: RawResponse) => void,
    reject: (cause: unknown) => void,
  ) {
    this.#options = options
    this.#resolve = resolve
    this.#reject = reject
  }

  interrupt(interruption: Interruption): void {
    this.#reject(interruption)
    this.#controller?.abort(interruption)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    const { scope, onSent } = this.#options
    // The call may have been interrupted while it waited for a connection.
    if (scope.interruption !== undefined) {
      controller.abort(scope.interruption)
      return
    }
    this.#controller = controller
    onSent()
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    fields: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#status = status
    if (status >= 400) this.#retryAfter = firstValue(fields['retry-after'])
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length
    if (this.#size <= this.#options.maxResponseBytes) {
      this.#chunks.push(chunk)
      return
    }
    this.#resolve({ status: this.#status, retryAfter: this.#retryAfter, body: undefined })
    controller.abort(new Error('the answer is too large'))
  }

  onResponseEnd(): void {
    const [only] = this.#chunks
    const body =
      only !== undefined && this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks)
    this.#resolve({ status: this.#status, retryAfter: this.#retryAfter, body })
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#reject(withoutData(error))
  }
}

export interface DispatchContext {
  readonly scope: CallScope
  /** Called when the request is written to a connection; nothing was sent before. */
  readonly onSent: () => void
  /** Maximum body size that is buffered. */
  readonly maxResponseBytes: number
}

/** Sends one request; rejects with the dispatcher's error or the scope's interruption. */
export const dispatch = (
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  context: DispatchContext,
): Promise<RawResponse> =>
  new Promise((resolve, reject) => {
    const handler = new ResponseHandler(context, resolve, reject)
    context.scope.onInterruption(interruption => handler.interrupt(interruption))
    if (context.scope.interruption === undefined) dispatcher.dispatch(request, handler)
  })
