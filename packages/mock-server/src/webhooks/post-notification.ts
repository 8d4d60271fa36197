import { readFile } from 'node:fs/promises'
import tls from 'node:tls'
import { signWebhook } from '@sendbox/schema/signature'
import type { Agent, Dispatcher } from 'undici'
import type { AccountSettings } from '../accounts/account-settings.ts'
import type { AppInstall } from '../accounts/app-installs.ts'
import type { WebhookSettings } from '../settings.ts'
import type { AttemptOutcome } from './delivery.ts'
import { toTarget, type WebhookRegistration } from './endpoint.ts'
import { type ResponseBeginning, readResponse } from './read-response.ts'

/** Maximum number of concurrent connections to one host. */
const maxConnections = 128

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

/** A notification to one webhook of an install. */
interface NotificationPost {
  readonly accountId: string
  readonly install: AppInstall
  readonly registration: WebhookRegistration
  /** The JSON that is sent. */
  readonly body: string
  readonly signal: AbortSignal
}

/** A notification that was posted, or could not be. */
export interface PostedNotification {
  readonly outcome: AttemptOutcome
  /** The headers besides those of HTTP itself, such as `Host`; names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The beginning of the body of the response, if there was one; never rejects. */
  readonly response?: Promise<ResponseBeginning>
}

/** Names in lower case; those of the manifest override `authorization` only. Rules: WH-1, WH-2, WH-3. */
const toHeaders = (
  { accountId, install: { clientId, clientSecret }, registration, body }: NotificationPost,
  authorization: string | undefined,
  { signature, signatureEncoding }: WebhookSettings,
): Record<string, string> => ({
  ...(authorization !== undefined && { authorization }),
  ...Object.fromEntries(
    (registration.headers ?? []).map(({ header_name, header_value }) => [
      header_name.toLowerCase(),
      header_value,
    ]),
  ),
  'content-type': 'application/json',
  'x-liveperson-account-id': accountId,
  'x-liveperson-client-id': clientId,
  'x-liveperson-signature': signWebhook(body, clientSecret, signature, signatureEncoding),
})

/** Absent in Node 20, whose `rootCertificates` lack those of NODE_EXTRA_CA_CERTS. */
const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] }

/** The CAs that Node trusts by default, as PEM. */
async function readDefaultCas(): Promise<readonly string[]> {
  if (getCACertificates) return getCACertificates('default')
  const extraFile = process.env['NODE_EXTRA_CA_CERTS']
  const extra = extraFile && (await readFile(extraFile, 'utf8').catch(() => undefined))
  return extra ? [...tls.rootCertificates, extra] : tls.rootCertificates
}

/** Trusts a CA beside the default ones, which the option `ca` replaces. */
const trustAlso = async (ca: string): Promise<tls.SecureContext> =>
  tls.createSecureContext({ ca: [...(await readDefaultCas()), ca] })

/** Posts notifications over keep-alive connections. Loads undici with the first one, as that takes a while. */
export class NotificationPoster {
  readonly #settings: AccountSettings
  #agent: Promise<Agent> | undefined

  constructor(settings: AccountSettings) {
    this.#settings = settings
  }

  /** Resolves once the status line or a failure has decided the outcome; never rejects. Rule: WH-9. */
  async post(notification: NotificationPost): Promise<PostedNotification> {
    const { accountId, registration, body, signal } = notification
    const { url, authorization } = toTarget(registration.endpoint)
    const settings = this.#settings.of(accountId).webhooks
    const headers = toHeaders(notification, authorization, settings)
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
      const { statusCode: outcome, body: answer } = await agent.request(options)
      const { readTimeoutMs } = this.#settings.atStart.webhooks
      return { outcome, headers, response: readResponse(answer, readTimeoutMs) }
    } catch (error) {
      return { outcome: toOutcome(error), headers }
    }
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    const agent = await this.#agent
    await agent?.destroy()
  }

  async #createAgent(): Promise<Agent> {
    const { Agent: UndiciAgent } = await import('undici')
    const { connectTimeoutMs, readTimeoutMs, ca } = this.#settings.atStart.webhooks
    const secureContext = ca === null ? undefined : await trustAlso(ca)
    return new UndiciAgent({
      connect: { timeout: connectTimeoutMs, ...(secureContext && { secureContext }) },
      headersTimeout: readTimeoutMs,
      bodyTimeout: readTimeoutMs,
      connections: maxConnections,
    })
  }
}
