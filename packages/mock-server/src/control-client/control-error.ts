/** A problem of a body or a query; `path` is a JSON Pointer into it. */
export interface ControlProblem {
  readonly path: string
  readonly expected: string
  readonly received: string
  readonly message: string
}

type Refusal = Readonly<Record<string, unknown>>

const isRefusal = (value: unknown): value is Refusal => typeof value === 'object' && value !== null

const toText = (value: unknown): string => (typeof value === 'string' ? value : '')

/** A call that the control API refused, or an expectation that was not met: status 422. */
export class ControlError extends Error {
  override readonly name = 'ControlError'
  readonly status: number
  readonly title: string
  /** Why the call was refused, and what to do instead. */
  readonly details: string
  /** The problems of an invalid body or query. */
  readonly problems: readonly ControlProblem[]
  /** The service's number of the error, where the service has one. */
  readonly errorCode: number | undefined
  /** The whole answer: its JSON, or its text; of a 422 the near misses, too. */
  readonly body: unknown

  /** `call` names method and path template, `answer` is the response's JSON, or its text. */
  constructor(call: string, status: number, answer: unknown) {
    const { title, details, message, problems, errorCode } = isRefusal(answer)
      ? answer
      : { details: answer }
    const reason = toText(message) || toText(details)
    const refused = [call, [status, toText(title)].join(' ').trimEnd(), reason].join(': ')
    super(status === 422 ? reason : refused)
    this.status = status
    this.body = answer
    this.title = toText(title)
    this.details = reason
    this.problems = Array.isArray(problems) ? (problems as ControlProblem[]) : []
    this.errorCode = typeof errorCode === 'number' ? errorCode : undefined
  }
}
