import { type Operation, operations, type ServiceName, toPath } from '@sendbox/schema'
import type { Dispatcher } from 'undici'
import { z } from 'zod'
import { findNotificationFaults } from './notification-mismatch.ts'
import type { NotificationReceiver } from './notification-receiver.ts'
import { requestPatiently, type Wait } from './retry-after.ts'
import type {
  AllowedAnswer,
  FilledCall,
  NotificationWish,
  TargetAnswer,
  TargetNotification,
  TraceTarget,
} from './target.ts'
import type { Need } from './trace.ts'

/** Where a service is, and as whom it is called. */
export interface HttpTargetOptions {
  /** Scheme, host and port of the Domain API; the other services take its scheme. */
  readonly domainApiUrl: string
  readonly accountId: string
  readonly clientId: string
  readonly clientSecret: string
  /** Makes the consumers of one run its own, so that none has a conversation already. */
  readonly run: string
  /** Base URL of the control API, where the target is the mock. @default none */
  readonly controlUrl?: string
  /** Receives the notifications of the account. @default none */
  readonly receiver?: NotificationReceiver
  /** undici's dispatcher, for a certificate of your own. @default undici's global one */
  readonly dispatcher?: Dispatcher
  /** How a wait passes that a 429 asks for. @default by the wall clock */
  readonly wait?: Wait
}

const foreignAccountId = 'trace-foreign-account'

const TokenPairSchema = z.object({ appJwt: z.string(), consumerJws: z.string() })

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Speaks HTTP to the mock or to a service. */
export class HttpTarget implements TraceTarget {
  readonly offers: readonly Need[]
  readonly variables: Readonly<Record<string, string>>
  readonly #options: HttpTargetOptions
  readonly #kept = new Map<string, Promise<string>>()

  constructor(options: HttpTargetOptions) {
    this.#options = options
    const { accountId, clientId, clientSecret, run, controlUrl, receiver } = options
    this.variables = { accountId, clientId, clientSecret, run }
    this.offers = [
      'wire',
      ...(controlUrl ? (['agent', 'control', 'settings', 'foreignTokens'] as const) : []),
      ...(receiver ? (['webhooks'] as const) : []),
    ]
  }

  async call(call: FilledCall): Promise<AllowedAnswer[]> {
    const { method, path, query, contentType, headers }: Operation = operations[call.operation]
    const { accountId } = this.#options
    const origin = await this.originOf(call.operation)
    const merged = Object.entries({ ...query, ...call.query })
    const search = new URLSearchParams(
      merged.filter((entry): entry is [string, string] => entry[1] !== null),
    )
    const target = toPath(call.path ?? path, { accountId, ...call.params })
    const sent = {
      ...(contentType && { 'content-type': contentType }),
      ...(await this.#credentials(call, headers)),
      ...call.headers,
    }
    const body = call.body === undefined ? null : this.#encode(call.body, contentType)
    const url = `${origin}${target}?${search.toString()}`
    const answer = await this.#fetch(url, method, sent, body)
    return [{ answer, take: () => undefined }]
  }

  act(conversationId: string, action: unknown): Promise<TargetAnswer> {
    return this.#control('POST', `conversations/${conversationId}/agent`, action)
  }

  async show(conversationId: string): Promise<unknown> {
    const { body } = await this.#control('GET', `conversations/${conversationId}`)
    return body
  }

  /** The clock is not waited for: it waits for what is sent next, and that is held back until a later step takes it. */
  async nextNotification(
    conversationId: string,
    { status, afterMs }: NotificationWish,
  ): Promise<TargetNotification> {
    if (this.#options.receiver === undefined) throw new Error('Nothing receives notifications')
    const { receiver, clientSecret } = this.#options
    if (afterMs !== undefined)
      this.#control('PUT', 'clock', { advanceMs: afterMs }).catch(() => undefined)
    const received = await receiver.next(conversationId, status)
    const { json: body, headers } = received
    return { body, headers, faults: findNotificationFaults(received, clientSecret) }
  }

  #encode(body: unknown, contentType: string | undefined): string {
    if (typeof body === 'string') return body
    return contentType === 'application/x-www-form-urlencoded'
      ? new URLSearchParams(body as Record<string, string>).toString()
      : JSON.stringify(body)
  }

  async #fetch(
    url: string,
    method: Operation['method'],
    headers: Record<string, string>,
    body: string | null,
  ): Promise<TargetAnswer> {
    const { dispatcher, wait } = this.#options
    const options = { method, headers, body, ...(dispatcher && { dispatcher }) }
    const { status, bytes } = await requestPatiently(url, options, wait)
    const text = bytes.toString()
    return { status, body: parseJson(text), text }
  }

  async #control(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown, account?: string) {
    const { controlUrl, accountId } = this.#options
    const url = `${controlUrl}/accounts/${account ?? accountId}/${path}`
    const headers = { 'content-type': 'application/json' }
    return this.#fetch(url, method, headers, body === undefined ? null : JSON.stringify(body))
  }

  #keep(name: string, fetchIt: () => Promise<string>): Promise<string> {
    const kept = this.#kept.get(name) ?? fetchIt()
    this.#kept.set(name, kept)
    return kept
  }

  /** Real tokens for a consumer of this run. */
  async tokensOf(consumer: string): Promise<{ appJwt: string; consumerJws: string }> {
    return { appJwt: await this.#appJwt(), consumerJws: await this.#consumerJws(consumer) }
  }

  /** Where an operation is served: the Domain API tells where the other services are. Rules: EP-5, EP-6. */
  originOf(operationId: FilledCall['operation']): Promise<string> {
    const { service }: Operation = operations[operationId]
    const domainApi = new URL(this.#options.domainApiUrl)
    if (service === undefined) return Promise.resolve(domainApi.origin)
    return this.#keep(service, async () => `${domainApi.protocol}//${await this.#lookUp(service)}`)
  }

  /** Makes the call that a row of the operations table describes. */
  async #callRow(
    operationId: 'baseUris' | 'appToken' | 'consumer',
    body: string | null,
    credentials: Record<string, string> = {},
  ): Promise<TargetAnswer> {
    const { method, path, query, contentType }: Operation = operations[operationId]
    const origin = await this.originOf(operationId)
    const url = new URL(toPath(path, { accountId: this.#options.accountId }), origin)
    url.search = new URLSearchParams(query).toString()
    const headers = { ...(contentType && { 'content-type': contentType }), ...credentials }
    return this.#fetch(url.href, method, headers, body)
  }

  async #lookUp(service: ServiceName): Promise<string> {
    const { body } = await this.#callRow('baseUris', null)
    const { baseURIs } = operations.baseUris.responses[200].parse(body)
    const found = baseURIs.find(known => known.service === service)
    if (found === undefined) throw new Error(`The Domain API names no host for ${service}`)
    return found.baseURI
  }

  #appJwt(): Promise<string> {
    return this.#keep('AppJWT', async () => {
      const { clientId, clientSecret } = this.#options
      const form = { client_id: clientId, client_secret: clientSecret }
      const { body } = await this.#callRow('appToken', new URLSearchParams(form).toString())
      return operations.appToken.responses[200].parse(body).access_token
    })
  }

  #consumerJws(consumer: string): Promise<string> {
    return this.#keep(`consumer ${consumer}`, async () => {
      const asked = JSON.stringify({ ext_consumer_id: `${consumer}-${this.#options.run}` })
      const authorization = await this.#appJwt()
      const { body } = await this.#callRow('consumer', asked, { authorization })
      return operations.consumer.responses[201].parse(body).token
    })
  }

  #foreign(kind: 'appJwt' | 'consumerJws'): Promise<string> {
    return this.#keep(`foreign ${kind}`, async () => {
      const asked = { consumer: 'foreign' }
      const { body } = await this.#control('POST', 'tokens', asked, foreignAccountId)
      return TokenPairSchema.parse(body)[kind]
    })
  }

  async #authorization(appJwt: FilledCall['appJwt']): Promise<string> {
    switch (appJwt) {
      case 'broken':
        return 'broken'
      case 'foreign':
        return this.#foreign('appJwt')
      case 'bearer':
        return `Bearer ${await this.#appJwt()}`
      default:
        return this.#appJwt()
    }
  }

  /** Rules: AUTH-1, AUTH-2. */
  async #credentials(
    { appJwt, consumerJws, consumer }: FilledCall,
    names: readonly string[],
  ): Promise<Record<string, string>> {
    const tokens: Record<string, string> = {}
    if (names.includes('Authorization') && appJwt !== 'missing')
      tokens['authorization'] = await this.#authorization(appJwt)
    if (names.includes('X-LP-ON-BEHALF') && consumerJws !== 'missing')
      tokens['x-lp-on-behalf'] =
        consumerJws === 'broken'
          ? 'broken'
          : await (consumerJws === 'foreign'
              ? this.#foreign('consumerJws')
              : this.#consumerJws(consumer))
    return tokens
  }
}
