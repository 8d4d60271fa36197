import type { Agent, Dispatcher } from 'undici'
import type { WebhookSettings } from '../settings.ts'
import type { AttemptOutcome } from './delivery.ts'

/** How many notifications may be on their way to one endpoint's host at once. */
const mostConnections = 128

/** Beyond this the connection is closed instead, in bytes: nobody reads the answer's body. */
const longestAnswerBytes = 128 * 1024

const outcomes: Readonly<Record<string, AttemptOutcome>> = {
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  ETIMEDOUT: 'timeout',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

const toOutcome = (error: unknown): AttemptOutcome => outcomes[codeOf(error)] ?? 'unreachable'

/** One POST. */
interface NotificationPost {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly signal: AbortSignal
}

/** Posts notifications over connections that are kept; undici is loaded with the first one, as it takes a while. */
export class NotificationPoster {
  readonly #settings: WebhookSettings
  #agent: Promise<Agent> | undefined

  constructor(settings: WebhookSettings) {
    this.#settings = settings
  }

  /** Resolves with what became of it; never rejects. Rule: WH-9. */
  async post({ url, headers, body, signal }: NotificationPost): Promise<AttemptOutcome> {
    try {
      this.#agent ??= this.#createAgent()
      const agent = await this.#agent
      const options: Dispatcher.RequestOptions = {
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: 'POST',
        headers,
        body,
        signal,
      }
      const answer = await agent.request(options)
      await answer.body.dump({ limit: longestAnswerBytes, signal })
      return answer.statusCode
    } catch (error) {
      return toOutcome(error)
    }
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    const agent = await this.#agent
    await agent?.destroy()
  }

  async #createAgent(): Promise<Agent> {
    const { Agent: UndiciAgent } = await import('undici')
    const { connectTimeoutMs, readTimeoutMs } = this.#settings
    return new UndiciAgent({
      connect: { timeout: connectTimeoutMs },
      headersTimeout: readTimeoutMs,
      bodyTimeout: readTimeoutMs,
      connections: mostConnections,
    })
  }
}
