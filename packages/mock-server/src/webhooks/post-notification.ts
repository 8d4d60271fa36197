import { signWebhook } from '@sendbox/schema/signature'
import type { Agent, Dispatcher } from 'undici'
import type { AppInstall } from '../accounts/app-installs.ts'
import type { WebhookSettings } from '../settings.ts'
import type { AttemptOutcome } from './delivery.ts'
import type { WebhookRegistration } from './endpoint.ts'

/** Maximum number of concurrent connections to one host. */
const maxConnections = 128

/** Maximum size of a response body that is read and discarded, in bytes; of a larger one the connection is closed. */
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

/** Posts notifications over keep-alive connections. Loads undici with the first one, as that takes a while. */
export class NotificationPoster {
  readonly #settings: WebhookSettings
  #agent: Promise<Agent> | undefined

  constructor(settings: WebhookSettings) {
    this.#settings = settings
  }

  /** Resolves with the outcome; never rejects. Rule: WH-9. */
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
      const response = await agent.request(options)
      await response.body.dump({ limit: maxResponseBytes, signal })
      return response.statusCode
    } catch (error) {
      return toOutcome(error)
    }
  }

  /** Closes all connections. */
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

/** The inputs of a notification's headers. */
interface NotificationHeaderParts {
  readonly accountId: string
  readonly install: AppInstall
  readonly registration: WebhookRegistration
  /** Made from the endpoint's user name and password. */
  readonly authorization: string | undefined
  /** The JSON that is sent. */
  readonly body: string
  readonly settings: WebhookSettings
}

/** The headers of a notification, names in lower case; those of the manifest override `authorization` only. Rules: WH-1, WH-2, WH-3. */
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
  'x-liveperson-signature': signWebhook(
    body,
    clientSecret,
    settings.signature,
    settings.signatureEncoding,
  ),
})
