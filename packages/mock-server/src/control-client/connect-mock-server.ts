import type { AccountsInput } from '../accounts/app-installs.ts'
import { defaultCredentials } from '../accounts/default-credentials.ts'
import type { MissedRequests } from '../handle/requests.ts'
import { exampleAccountId } from '../services.ts'
import { type ControlCall, createControlCall } from './call.ts'
import { type EventStream, type EventsOptions, readEvents } from './events.ts'
import {
  type Remote,
  type RemoteAccount,
  toMissedRequests,
  toRemoteAccount,
} from './remote-account.ts'

/** How to reach a mock, and what it was started with. */
export interface ConnectOptions {
  /**
   * The control token that the mock was started with, if any.
   * @default none
   */
  readonly controlToken?: string
  /**
   * The accounts that the mock was started with: the control API shows no secret, so `clientId` and `clientSecret` are read from here.
   * @default {}
   */
  readonly accounts?: AccountsInput
}

/** A mock in another process, with the names of a mock in this one. */
export interface RemoteMockServer extends AsyncDisposable {
  /** Base URL of every service, without a trailing slash. */
  readonly url: string
  /**
   * Handle of an account; any id works.
   * @default '12345678', the example account
   */
  account(accountId?: string): RemoteAccount
  /** Requests whose account cannot be read: unknown paths, bytes that are no request, TLS on the plain port, refused web pages. */
  readonly requests: Remote<MissedRequests>
  /** Resets all accounts. */
  reset(): Promise<void>
  /**
   * Calls any operation of the control API by its id.
   * @example
   * ```ts
   * const server = connectMockServer('http://127.0.0.1:4020')
   * console.log(await server.call('getHealth')) // { status: 'ok' }
   * const { now } = await server.call('putClock', { accountId: 'mine', body: { freeze: true } })
   * ```
   */
  readonly call: ControlCall
  /**
   * Streams the events of the whole mock, or of one account with `accountId`: calls with those that miss, steps of conversations, webhook
   * attempts, faults, clocks, settings, resets. Continues behind the last event where the connection breaks; ends when the mock closes.
   * @example
   * ```ts
   * const server = connectMockServer('http://127.0.0.1:4020')
   * const events = server.events({ kind: 'call' })
   * await events.opened
   * await fetch(`${server.url}/api/account/12345678/service/baseURI.json?version=1.0`)
   * for await (const { event, data } of events) {
   *   console.log(event === 'call' && data.operation) // baseUris
   *   break
   * }
   * ```
   */
  events(options?: EventsOptions & { readonly accountId?: string }): EventStream
  /** Ends the calls that wait for an answer; the mock keeps running. */
  close(): Promise<void>
}

/**
 * Connects to a mock by its URL, without a call; it has the names of the result of `startMockServer`, and every answer is a promise. Each
 * method rejects with a `ControlError` if the mock refuses the call.
 * @example
 * ```ts
 * const server = connectMockServer('http://127.0.0.1:4020')
 * const account = server.account('my-account')
 * const { conversationId } = await account.conversations.open('zoe')
 * await account.agent(conversationId).say('Hello')
 * await account.requests.verify({ match: { operation: 'send' }, count: 0 })
 * ```
 */
export function connectMockServer(baseUrl: string, options: ConnectOptions = {}): RemoteMockServer {
  const { controlToken, accounts = {} } = options
  const url = baseUrl.replace(/\/+$/, '')
  const closing = new AbortController()
  const callOptions = { url, controlToken, signal: closing.signal }
  const call = createControlCall(callOptions)
  const close = async () => closing.abort()
  return {
    url,
    account: (accountId = exampleAccountId) => {
      const [install] = accounts[accountId]?.installs ?? []
      const {
        clientId = defaultCredentials.clientId,
        clientSecret = defaultCredentials.clientSecret,
      } = install ?? {}
      return toRemoteAccount({ accountId, clientId, clientSecret }, call)
    },
    requests: toMissedRequests(call),
    reset: async () => void (await call('resetEverything', { body: { force: true } })),
    call,
    events: ({ accountId, ...query } = {}) => {
      const path =
        accountId === undefined
          ? '/__sendbox/events'
          : `/__sendbox/accounts/${encodeURIComponent(accountId)}/events`
      return readEvents(path, query, callOptions)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
