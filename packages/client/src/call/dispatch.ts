import type { Dispatcher } from 'undici'
import type { CallScope, Interruption } from './deadline.ts'

/** What came back. */
export interface ExchangeAnswer {
  readonly status: number
  readonly retryAfter: string | undefined
  /** Absent where it is larger than it may be. */
  readonly body: Buffer | undefined
}

const onlyText = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value

/** Node's parser keeps the bytes that it could not read, and those may hold a token. */
function withoutData(error: Error): Error {
  if ('data' in error) Reflect.deleteProperty(error, 'data')
  return error
}

/** Collects the answer; a class, as one is made for every call. */
class ExchangeHandler implements Dispatcher.DispatchHandler {
  readonly #options: ExchangeOptions
  readonly #resolve: (answer: ExchangeAnswer) => void
  readonly #reject: (cause: unknown) => void
  readonly #chunks: Buffer[] = []
  #controller: Dispatcher.DispatchController | undefined
  #status = 0
  #size = 0
  #retryAfter: string | undefined

  constructor(
    options: ExchangeOptions,
    resolve: (answer: ExchangeAnswer) => void,
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
    // A call may be interrupted while it waits for a connection.
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
    if (status >= 400) this.#retryAfter = onlyText(fields['retry-after'])
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length
    if (this.#size <= this.#options.maxAnswerBytes) {
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

/** What an exchange belongs to. */
export interface ExchangeOptions {
  readonly scope: CallScope
  /** Is called when the request is given to a connection; before it nothing was sent. */
  readonly onSent: () => void
  /** How much of a body is held in memory. */
  readonly maxAnswerBytes: number
}

/** Makes one exchange; rejects with the dispatcher's own error, or with the scope's interruption. */
export const exchange = (
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  options: ExchangeOptions,
): Promise<ExchangeAnswer> =>
  new Promise((resolve, reject) => {
    const handler = new ExchangeHandler(options, resolve, reject)
    options.scope.listen(interruption => handler.interrupt(interruption))
    if (options.scope.interruption === undefined) dispatcher.dispatch(request, handler)
  })
