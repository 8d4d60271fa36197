import { signWebhook } from '@sendbox/schema/signature'
import type { Agent, Dispatcher } from 'undici'
import type { AppInstall } from '../accounts/app-installs.ts'
import type { WebhookSettings } from '../settings.ts'
import type { AttemptOutcome } from './delivery.ts'
import type { WebhookRegistration } from './endpoint.ts'

/** How many notifications may be on their way to one endpoint's host at once. */
const maxConnections = 128

/** Beyond this the connection is closed instead, in bytes: nobody reads the answer's body. */
const maxResponseBytes = 128 * 1024

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
      await answer.body.dump({ limit: maxResponseBytes, signal })
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
      connections: maxConnections,
    })
  }
}

/** What the headers of a notification are made from. */
interface NotificationHeaderParts {
  readonly accountId: string
  readonly install: AppInstall
  readonly registration: WebhookRegistration
  /** What the endpoint's user name and password come to. */
  readonly authorization: string | undefined
  /** The bytes that are sent, as text. */
  readonly body: string
  readonly settings: WebhookSettings
}

/** The headers of a notification, by their names in lower case; those of the manifest come on top. Rules: WH-1, WH-2, WH-3. */
export const toNotificationHeaders = ({
  accountId,
  install: { clientId, clientSecret },
  registration: { headers = [] },
  authorization,
  body,
  settings,
}: NotificationHeaderParts): Record<string, string> => ({
  ...(authorization !== undefined && { authorization }),
  ...Object.fromEntries(
    headers.map(({ header_name, header_value }) => [header_name.toLowerCase(), header_value]),
  ),
  'content-type': 'application/json',
  'x-liveperson-account-id': accountId,
  'x-liveperson-client-id': clientId,
  'x-liveperson-signature': signWebhook(body, clientSecret, settings.signature),
})
