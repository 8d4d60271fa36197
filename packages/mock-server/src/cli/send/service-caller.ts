import { type Operation, type OperationId, operations, toPath } from '@sendbox/schema'
import { Agent, request } from 'undici'
import { redactText } from '../../redact/secrets.ts'
import { pastedCommand } from '../command.ts'
import { codeOf } from '../read-json.ts'
import { CommandError } from '../terminal.ts'

/** The response of one operation, as it is printed. */
export interface OperationResponse {
  readonly operationId: OperationId
  readonly status: number
  /** Parsed JSON; the text of a body that is not JSON. */
  readonly body: unknown
  /** The ids in `x-sendbox-rules`; empty for a real service. Rule: RES-9. */
  readonly rules: readonly string[]
  readonly evidence?: string
}

/** Headers and body of one call, which are never printed. */
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

const cutOff = 'the connection ended before the answer; the call may have been processed'
const timedOut = `nothing came for ${timeoutMs / 1000} s; the call may have been processed`

const reasons: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: cutOff,
  ECONNRESET: cutOff,
  UND_ERR_HEADERS_TIMEOUT: timedOut,
  UND_ERR_BODY_TIMEOUT: timedOut,
  ENOTFOUND: 'there is no such host',
}

function explainNoResponse({ origin }: URL, error: unknown): string {
  const code = codeOf(error)
  if (code === 'ECONNREFUSED')
    return `Nothing listens on ${origin}. Start the mock first: ${pastedCommand} start`
  const reason = error instanceof Error ? error.message : String(error)
  const words = reasons[code]
  return `No answer from ${origin}: ${words ? `${words} (${code})` : code || reason}`
}

/** An HTTP request as it goes over the wire. */
export interface HttpRequest {
  readonly method: Operation['method']
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly content: string | undefined
}

/** Calls operations of an account; disposing of it closes its connections. */
export class ServiceCaller implements AsyncDisposable {
  readonly #agent = new Agent({ headersTimeout: timeoutMs, bodyTimeout: timeoutMs })
  readonly #accountId: string
  readonly #trace: (line: string) => void

  /** `trace` receives a line with method and URL before each call, and one with the status after it. */
  constructor(accountId: string, trace: (line: string) => void) {
    this.#accountId = accountId
    this.#trace = trace
  }

  /** The request of an operation, unsent. */
  toRequest(operationId: OperationId, base: string, call: ServiceCall): HttpRequest {
    const { method, path, query, contentType }: Operation = operations[operationId]
    const url = new URL(toPath(path, { accountId: this.#accountId }), base)
    url.search = new URLSearchParams(query).toString()
    const headers = { ...(contentType && { 'Content-Type': contentType }), ...call.headers }
    return { method, url, headers, content: toContent(call) }
  }

  /** Rejects with a `CommandError` if there is no response. */
  async call(
    operationId: OperationId,
    base: string,
    call: ServiceCall = {},
  ): Promise<OperationResponse> {
    const { method, url, headers, content } = this.toRequest(operationId, base, call)
    this.#trace(`${method} ${redactText(url.href)}`)
    try {
      const response = await request(url, {
        method,
        headers,
        dispatcher: this.#agent,
        ...(content !== undefined && { body: content }),
      })
      const body = toJson(await response.body.text())
      this.#trace(`HTTP ${response.statusCode}`)
      const evidence = toHeader(response.headers['x-sendbox-evidence'])
      return {
        operationId,
        status: response.statusCode,
        body,
        rules: toHeader(response.headers['x-sendbox-rules'])?.split(', ') ?? [],
        ...(evidence !== undefined && { evidence }),
      }
    } catch (error) {
      throw new CommandError(explainNoResponse(url, error))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.close()
  }
}
