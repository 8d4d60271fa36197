import { z } from 'zod'
import { findAccountId, findOperation, rulesIn } from '../find-operation.ts'
import { parseJson } from '../json.ts'
import { fillPlaceholders, type TokenPair } from '../pact/placeholders.ts'
import type { ProviderStateValues } from '../pact/states.ts'
import { type Forward, type ProxyRequest, type ProxyResponse, startProxy } from '../proxy.ts'
import { createSecrets, type Secrets } from '../secrets.ts'
import type { HttpTarget, HttpTargetOptions } from '../traces/http-target.ts'
import { type Wait, withRetries } from '../traces/retry-after.ts'
import { type Alias, toPact, toTarget } from './alias.ts'
import { requestFileUrl, type StateHandlers } from './state-handlers.ts'

/** Access to a running service, as a verification of pacts requires it. */
export interface ServiceAccess {
  readonly target: HttpTarget
  /** The tokens of the pact's consumer. */
  readonly tokens: () => Promise<TokenPair>
  readonly states: StateHandlers
  /** Makes the service send the message of a description, and resolves with its body. @default no message is sent */
  readonly sendMessage?: (description: string, values: ProviderStateValues) => Promise<unknown>
  /**
   * Whether the account of a pact, the first that is named, stands for that of the service.
   * @default false
   */
  readonly aliasAccount?: boolean
  readonly dispatcher?: HttpTargetOptions['dispatcher']
  readonly wait?: Wait
  /** Receives each response to a batch, which opens conversations. */
  readonly onBatchResponse?: (response: unknown) => void
}

/** The URLs of a gateway. */
export interface GatewayUrls {
  /** Base URL of the service. */
  readonly url: string
  readonly statesUrl: string
  /** Receives the description of a message, and responds with its body. */
  readonly messagesUrl: string
}

/** The proxy between Pact's verifier and a service, and its records. */
export interface Gateway extends AsyncDisposable {
  readonly urls: GatewayUrls
  /** Calls and messages of interactions. */
  readonly hits: number
  /** How often each provider state was set up, and torn down. */
  readonly changes: Readonly<
    Record<string, { readonly setUps: number; readonly tearDowns: number }>
  >
  readonly stateFailures: readonly { readonly state: string; readonly error: unknown }[]
  /** The rules of the last response, if the service is a mock. Rule: RES-9. */
  readonly rules: readonly string[]
  /** The secrets in all calls so far. */
  readonly secrets: Secrets
}

export const statesPath = '/__sendbox/provider-states'
const messagesPath = '/__sendbox/messages'

const StateCallSchema = z.looseObject({
  state: z.string(),
  params: z.record(z.string(), z.unknown()).nullish(),
  action: z.string().optional(),
})

const toJsonResponse = (status: number, body: unknown): ProxyResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  bytes: Buffer.from(JSON.stringify(body)),
})

/** Starts a proxy that sets up provider states, fills in tokens and ids, and forwards calls to the service. */
export async function startGateway(service: ServiceAccess): Promise<Gateway> {
  const { target, tokens, states, sendMessage, dispatcher, wait, onBatchResponse } = service
  const aliases: Alias[] = []
  const secrets = createSecrets()
  const { accountId: atTarget = '', clientId = '', clientSecret = '' } = target.variables
  secrets.add(clientSecret)
  let hits = 0
  let rules: readonly string[] = []
  let values: ProviderStateValues = {}
  const changes: Record<string, { setUps: number; tearDowns: number }> = {}
  const stateFailures: { state: string; error: unknown }[] = []

  let accountInPact: string | undefined
  const aliasAccount = (named: unknown): void => {
    if (service.aliasAccount !== true || typeof named !== 'string') return
    if (accountInPact === undefined && named !== atTarget) aliases.push({ inPact: named, atTarget })
    accountInPact ??= named
  }

  const changeState = async ({ bytes }: ProxyRequest): Promise<ProviderStateValues> => {
    const { state, params, action } = StateCallSchema.parse(JSON.parse(bytes.toString()))
    if (state === '') return {}
    const counts = changes[state] ?? { setUps: 0, tearDowns: 0 }
    changes[state] = counts
    try {
      if (action === 'teardown') {
        values = {}
        if (counts.setUps === counts.tearDowns) return {}
        await states.tearDown?.(state, params ?? {})
        counts.tearDowns += 1
        return {}
      }
      aliasAccount(params?.['accountId'])
      const isAliased = accountInPact !== undefined && params?.['accountId'] === accountInPact
      const ofAccount = isAliased ? { accountId: atTarget } : {}
      const change = await states.setUp(state, { ...params, ...ofAccount })
      counts.setUps += 1
      aliases.push(...(change.aliases ?? []))
      values = { ...values, ...change.values }
      secrets.add(change.values['appJwt'])
      secrets.add(change.values['consumerJws'])
      return change.values
    } catch (error) {
      stateFailures.push({ state, error })
      throw error
    }
  }

  const fill = async (request: ProxyRequest): Promise<ProxyRequest> => {
    const own = await tokens()
    secrets.add(own.appJwt)
    secrets.add(own.consumerJws)
    const headers = { ...request.headers, 'accept-encoding': 'identity' }
    return fillPlaceholders(toTarget({ ...request, headers }, aliases), {
      own,
      ofState: values,
      clientId,
      clientSecret,
      requestFileUrl: requested => requestFileUrl(target, requested),
    })
  }

  const call = async (request: ProxyRequest, forward: Forward): Promise<ProxyResponse> => {
    hits += 1
    aliasAccount(findAccountId(request.path))
    const filled = await fill(request)
    const response = await withRetries(() => forward(filled), wait)
    const body = parseJson(response.bytes)
    secrets.learn(body)
    if (findOperation(request.method, request.path) === 'conversation') onBatchResponse?.(body)
    rules = rulesIn(response.headers)
    return { ...response, bytes: toPact(response.bytes, aliases) }
  }

  const produceMessage = async ({ bytes }: ProxyRequest): Promise<unknown> => {
    hits += 1
    const description = bytes.toString()
    if (sendMessage === undefined) throw new Error(`Nothing sends the message "${description}"`)
    return sendMessage(description, values)
  }

  const toResponse = (work: Promise<unknown>): Promise<ProxyResponse> =>
    work.then(
      body => toJsonResponse(200, body),
      (error: unknown) => toJsonResponse(500, { message: String(error) }),
    )

  const proxy = await startProxy({
    target: ({ method, path }) => target.originOf(findOperation(method, path) ?? 'baseUris'),
    host: 'target',
    ...(dispatcher && { dispatcher }),
    intercept: (request, forward) => {
      if (request.path === statesPath) return toResponse(changeState(request))
      if (request.path === messagesPath) return toResponse(produceMessage(request))
      return call(request, forward)
    },
  })
  return {
    urls: {
      url: proxy.url,
      statesUrl: `${proxy.url}${statesPath}`,
      messagesUrl: `${proxy.url}${messagesPath}`,
    },
    secrets,
    changes,
    stateFailures,
    get hits() {
      return hits
    },
    get rules() {
      return rules
    },
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  }
}
