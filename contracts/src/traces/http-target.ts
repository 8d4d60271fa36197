import { type Operation, operations, type ServiceName, toPath } from '@sendbox/schema'
import type { Dispatcher } from 'undici'
import { z } from 'zod'
import { parseJson } from '../json.ts'
import { requireSafeOrigin, sendRequest } from '../proxy.ts'
import { findNotificationProblems, type NotificationReceiver } from './notification-receiver.ts'
import { type Wait, withRetries } from './retry-after.ts'
import type {
  AllowedResponse,
  FilledCall,
  NotificationOptions,
  TargetNotification,
  TargetResponse,
  TraceTarget,
} from './target.ts'
import type { Capability } from './trace.ts'

/** The address of a service, and the credentials for it. */
export interface HttpTargetOptions {
  /** Scheme, host and port of the Domain API; the other services have the same scheme. */
  readonly domainApiUrl: string
  readonly accountId: string
  readonly clientId: string
  readonly clientSecret: string
  /** Part of the ids of consumers, so that each run has consumers without conversations. */
  readonly run: string
  /** Whether hosts off the local network may be called over plain http. Rule: WH-13. @default false */
  readonly allowPlainHttp?: boolean | undefined
  /** Base URL of the control API of a mock. @default none */
  readonly controlUrl?: string
  /** Receives the notifications of the account. @default none */
  readonly receiver?: NotificationReceiver
  /** undici's dispatcher, for a certificate of your own. @default undici's global one */
  readonly dispatcher?: Dispatcher
  /** Waits before a retry after a 429. @default by the wall clock */
  readonly wait?: Wait
}

const foreignAccountId = 'trace-foreign-account'

const TokenPairSchema = z.object({ appJwt: z.string(), consumerJws: z.string() })

const toBody = (body: unknown, contentType: string | undefined): string | null => {
  if (body === undefined) return null
  if (typeof body === 'string') return body
  return contentType === 'application/x-www-form-urlencoded'
    ? new URLSearchParams(body as Record<string, string>).toString()
    : JSON.stringify(body)
}

/** Sends the calls of a trace to the mock or to a service. */
export class HttpTarget implements TraceTarget {
  readonly capabilities: readonly Capability[]
  readonly variables: Readonly<Record<string, string>>
  readonly #options: HttpTargetOptions
  readonly #cache = new Map<string, Promise<string>>()

  constructor(options: HttpTargetOptions) {
    this.#options = options
    const { accountId, clientId, clientSecret, run, controlUrl, receiver } = options
    this.variables = { accountId, clientId, clientSecret, run }
    this.capabilities = [
      'wire',
      ...(controlUrl ? (['agent', 'control', 'settings', 'foreignTokens'] as const) : []),
      ...(receiver ? (['webhooks'] as const) : []),
    ]
  }

  async call(call: FilledCall): Promise<AllowedResponse[]> {
    const { headers }: Operation = operations[call.operation]
    const credentials = await this.#credentials(call, headers)
    const response = await this.#callOperation(call.operation, call.body, {
      ...call,
      headers: { ...credentials, ...call.headers },
    })
    return [{ response, commit: () => undefined }]
  }

  act(conversationId: string, action: unknown): Promise<TargetResponse> {
    return this.#control('POST', `conversations/${conversationId}/agent`, action)
  }

  async show(conversationId: string): Promise<unknown> {
    const { body } = await this.#control('GET', `conversations/${conversationId}`)
    return body
  }

  /** Advancing the clock is not awaited: it ends after the next delivery, which the receiver holds until a later step. */
  async nextNotification(
    conversationId: string,
    { status, afterMs }: NotificationOptions,
  ): Promise<TargetNotification> {
    if (this.#options.receiver === undefined) throw new Error('Nothing receives notifications')
    const { receiver, clientSecret } = this.#options
    if (afterMs !== undefined)
      this.#control('PUT', 'clock', { advanceMs: afterMs }).catch(() => undefined)
    const received = await receiver.next(conversationId, status)
    const { json: body, headers } = received
    return { body, headers, problems: findNotificationProblems(received, clientSecret) }
  }

  /** Real tokens of a consumer of this run. */
  async tokensOf(consumer: string): Promise<{ appJwt: string; consumerJws: string }> {
    return { appJwt: await this.#appJwt(), consumerJws: await this.#consumerJws(consumer) }
  }

  /** The origin of an operation, from the Domain API. Rules: EP-5, EP-6. */
  async originOf(operationId: FilledCall['operation']): Promise<string> {
    const { service }: Operation = operations[operationId]
    const domainApi = requireSafeOrigin(this.#options.domainApiUrl, this.#options)
    if (service === undefined) return domainApi.origin
    return this.#once(service, async () => {
      const url = `${domainApi.protocol}//${await this.#findHost(service)}`
      return requireSafeOrigin(url, this.#options).origin
    })
  }

  async #callOperation(
    operationId: FilledCall['operation'],
    body: unknown,
    {
      params = {},
      path,
      query = {},
      headers,
    }: Partial<Pick<FilledCall, 'params' | 'path' | 'query' | 'headers'>> = {},
  ): Promise<TargetResponse> {
    const operation: Operation = operations[operationId]
    const { method, contentType } = operation
    const { accountId } = this.#options
    const origin = await this.originOf(operationId)
    const parameters = Object.entries<string | null>({ ...operation.query, ...query }).filter(
      (entry): entry is [string, string] => entry[1] !== null,
    )
    const pathname = toPath(path ?? operation.path, { accountId, ...params })
    const url = `${origin}${pathname}?${new URLSearchParams(parameters).toString()}`
    const sent = { ...(contentType && { 'content-type': contentType }), ...headers }
    return this.#fetch(url, method, sent, toBody(body, contentType))
  }

  async #fetch(
    url: string,
    method: Operation['method'],
    headers: Record<string, string>,
    body: string | null,
  ): Promise<TargetResponse> {
    const { dispatcher, wait } = this.#options
    const options = { method, headers, body, ...(dispatcher && { dispatcher }) }
    const { status, bytes } = await withRetries(() => sendRequest(url, options), wait)
    const text = bytes.toString()
    return { status, body: parseJson(text), text }
  }

  async #control(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown, account?: string) {
    const { controlUrl, accountId } = this.#options
    const url = `${controlUrl}/accounts/${account ?? accountId}/${path}`
    return this.#fetch(url, method, { 'content-type': 'application/json' }, toBody(body, undefined))
  }

  /** Fetches a value at most once; concurrent callers share the promise. */
  #once(key: string, fetchValue: () => Promise<string>): Promise<string> {
    const cached = this.#cache.get(key) ?? fetchValue()
    this.#cache.set(key, cached)
    return cached
  }

  async #findHost(service: ServiceName): Promise<string> {
    const { body } = await this.#callOperation('baseUris', undefined)
    const { baseURIs } = operations.baseUris.responses[200].parse(body)
    const found = baseURIs.find(known => known.service === service)
    if (found === undefined) throw new Error(`The Domain API names no host for ${service}`)
    return found.baseURI
  }

  #appJwt(): Promise<string> {
    return this.#once('AppJWT', async () => {
      const { clientId, clientSecret } = this.#options
      const form = { client_id: clientId, client_secret: clientSecret }
      const { body } = await this.#callOperation('appToken', form)
      return operations.appToken.responses[200].parse(body).access_token
    })
  }

  #consumerJws(consumer: string): Promise<string> {
    return this.#once(`consumer ${consumer}`, async () => {
      const headers = { authorization: await this.#appJwt() }
      const named = { ext_consumer_id: `${consumer}-${this.#options.run}` }
      const { body } = await this.#callOperation('consumer', named, { headers })
      return operations.consumer.responses[201].parse(body).token
    })
  }

  #foreignToken(kind: 'appJwt' | 'consumerJws'): Promise<string> {
    return this.#once(`foreign ${kind}`, async () => {
      const named = { consumer: 'foreign' }
      const { body } = await this.#control('POST', 'tokens', named, foreignAccountId)
      return TokenPairSchema.parse(body)[kind]
    })
  }

  /** The tokens of a call, valid or not, in the headers that its operation has. Rules: AUTH-1, AUTH-2. */
  async #credentials(
    { consumer, appJwt, consumerJws }: FilledCall,
    names: readonly string[],
  ): Promise<Record<string, string>> {
    const headers: Record<string, string> = {}
    if (names.includes('Authorization') && appJwt !== 'missing') {
      if (appJwt === 'broken') headers['authorization'] = appJwt
      else if (appJwt === 'foreign') headers['authorization'] = await this.#foreignToken('appJwt')
      else headers['authorization'] = `${appJwt ? 'Bearer ' : ''}${await this.#appJwt()}`
    }
    if (names.includes('X-LP-ON-BEHALF') && consumerJws !== 'missing') {
      if (consumerJws === 'broken') headers['x-lp-on-behalf'] = consumerJws
      else if (consumerJws) headers['x-lp-on-behalf'] = await this.#foreignToken('consumerJws')
      else headers['x-lp-on-behalf'] = await this.#consumerJws(consumer)
    }
    return headers
  }
}
