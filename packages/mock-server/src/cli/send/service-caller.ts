import { type Operation, type OperationId, operations, toPath } from '@sendbox/schema'
import { Agent, request } from 'undici'
import { redactText } from '../../redact-secrets.ts'
import { CommandError } from '../terminal.ts'

/** An answer of the service, as a user is shown it. */
export interface ServiceAnswer {
  readonly operationId: OperationId
  readonly status: number
  /** Its JSON, or its text where it is none. */
  readonly body: unknown
  /** The ids that a mock names; a real service names none. Rule: RES-9. */
  readonly rules: readonly string[]
  readonly evidence?: string
}

/** One call; what it carries is never shown. */
export interface ServiceCall {
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly form?: Readonly<Record<string, string>>
}

const timeoutMs = 30_000

const toHeader = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(', ') : value

function toJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const toContent = ({ json, form }: ServiceCall): string | undefined =>
  form
    ? new URLSearchParams(form).toString()
    : json === undefined
      ? undefined
      : JSON.stringify(json)

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined

const cutOff = 'the connection ended before the answer; the call may have been processed'
const timedOut = `nothing came for ${timeoutMs / 1000} s; the call may have been processed`

const reasons: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: cutOff,
  ECONNRESET: cutOff,
  UND_ERR_HEADERS_TIMEOUT: timedOut,
  UND_ERR_BODY_TIMEOUT: timedOut,
  ENOTFOUND: 'there is no such host',
}

function explainNoAnswer({ origin }: URL, error: unknown): string {
  const code = codeOf(error)
  if (code === 'ECONNREFUSED')
    return `Nothing listens on ${origin}. Start the mock first: sendbox start`
  const reason = error instanceof Error ? error.message : String(error)
  const words = reasons[code ?? '']
  return `No answer from ${origin}: ${words ? `${words} (${code})` : (code ?? reason)}`
}

/** Calls operations of an account; it keeps connections until it is disposed of. */
export class ServiceCaller implements AsyncDisposable {
  readonly #agent = new Agent({ headersTimeout: timeoutMs, bodyTimeout: timeoutMs })
  readonly #accountId: string
  readonly #trace: (line: string) => void

  /** `trace` is told of method, URL and status of each call. */
  constructor(accountId: string, trace: (line: string) => void) {
    this.#accountId = accountId
    this.#trace = trace
  }

  /** Rejects with a `CommandError` where there is no answer. */
  async call(
    operationId: OperationId,
    base: string,
    call: ServiceCall = {},
  ): Promise<ServiceAnswer> {
    const { method, path, query, contentType }: Operation = operations[operationId]
    const url = new URL(toPath(path, { accountId: this.#accountId }), base)
    url.search = new URLSearchParams(query).toString()
    const content = toContent(call)
    const headers = { ...(contentType && { 'Content-Type': contentType }), ...call.headers }
    this.#trace(`${method} ${redactText(url.href)}`)
    try {
      const answer = await request(url, {
        method,
        headers,
        dispatcher: this.#agent,
        ...(content !== undefined && { body: content }),
      })
      const body = toJson(await answer.body.text())
      this.#trace(`HTTP ${answer.statusCode}`)
      const evidence = toHeader(answer.headers['x-sendbox-evidence'])
      return {
        operationId,
        status: answer.statusCode,
        body,
        rules: toHeader(answer.headers['x-sendbox-rules'])?.split(', ') ?? [],
        ...(evidence !== undefined && { evidence }),
      }
    } catch (error) {
      throw new CommandError(explainNoAnswer(url, error))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.close()
  }
}
