import { readFile } from 'node:fs/promises'
import tls from 'node:tls'
import { signWebhook } from '@sendbox/schema/signature'
import type { Agent, Dispatcher } from 'undici'
import type { AccountSettings } from '../accounts/account-settings.ts'
import type { AppInstall } from '../accounts/app-installs.ts'
import type { WebhookSettings } from '../settings.ts'
import type { AttemptOutcome } from './delivery.ts'
import { toTarget, type WebhookRegistration } from './endpoint.ts'

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

/** A notification to one webhook of an install. */
interface NotificationPost {
  readonly accountId: string
  readonly install: AppInstall
  readonly registration: WebhookRegistration
  /** The JSON that is sent. */
  readonly body: string
  readonly signal: AbortSignal
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

  /** Resolves with the outcome, which the status line decides; never rejects. Rule: WH-9. */
  async post(notification: NotificationPost): Promise<AttemptOutcome> {
    const { accountId, registration, body, signal } = notification
    const { url, authorization } = toTarget(registration.endpoint)
    try {
      this.#agent ??= this.#createAgent()
      const agent = await this.#agent
      const options: Dispatcher.RequestOptions = {
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: 'POST',
        headers: toHeaders(notification, authorization, this.#settings.of(accountId).webhooks),
        body,
        signal,
      }
      const response = await agent.request(options)
      void this.#discard(response.body)
      return response.statusCode
    } catch (error) {
      return toOutcome(error)
    }
  }

  /** Reads the body of a response, so that the connection is used again; nobody waits for it, and one that continues is cut. */
  async #discard(body: Dispatcher.ResponseData['body']): Promise<void> {
    const signal = AbortSignal.timeout(this.#settings.atStart.webhooks.readTimeoutMs)
    await body.dump({ limit: maxResponseBytes, signal }).catch(() => undefined)
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
