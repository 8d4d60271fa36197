import type { Request } from './row.ts'
import { accountId, type World } from './world.ts'

type Headers = Readonly<Record<string, string | undefined>>

const withoutAbsent = (headers: Headers): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )

/** A call that carries both tokens and JSON, as far as a row does not say otherwise. */
export interface ApiCall {
  /** @default 'POST' */
  readonly method?: string
  /** @default that of SEND */
  readonly path?: string
  /** @default '?v=3' */
  readonly query?: string
  /** Changes to the headers of a good call; `undefined` omits one. */
  readonly headers?: Headers | ((world: World) => Headers | Promise<Headers>)
  /** Is sent as JSON. */
  readonly json?: unknown
  /** Is sent as it is. */
  readonly raw?: string | Uint8Array<ArrayBuffer>
}

const sendPath = `/api/account/${accountId}/messaging/consumer/conversation/send`
export const batchPath = `/api/account/${accountId}/messaging/consumer/conversation`

/** Makes a call; see {@link ApiCall}. */
export const call =
  ({
    method = 'POST',
    path = sendPath,
    query = '?v=3',
    headers = {},
    json,
    raw,
  }: ApiCall): Request =>
  async world => {
    const body = raw ?? (json === undefined ? undefined : JSON.stringify(json))
    return world.fetch({
      method,
      path: `${path}${query}`,
      headers: withoutAbsent({
        Authorization: world.appJwt,
        'X-LP-ON-BEHALF': world.consumerJws,
        'Content-Type': 'application/json',
        ...(typeof headers === 'function' ? await headers(world) : headers),
      }),
      ...(body !== undefined && { body }),
    })
  }

/** Calls nothing but this path, without tokens. */
export const get =
  (path: string): Request =>
  world =>
    world.fetch({ method: 'GET', path })

/** Lets another consumer of the account make the call. */
export const by =
  (extConsumerId: string, request: Request): Request =>
  async world =>
    request({ ...world, ...(await world.tokensOf(extConsumerId)) })

/** Makes the call after a conversation was opened for a consumer, without a call over the network. */
export const afterOpening =
  (extConsumerId: string, id: string, request: Request): Request =>
  async world => {
    await world.open(extConsumerId, id)
    return request(world)
  }

/** Makes all calls concurrently; the response's JSON is the list of theirs. */
export const together =
  (requests: readonly Request[]): Request =>
  async world => {
    const received = await Promise.all(requests.map(request => request(world)))
    const json = received.map(answer => answer.json)
    return { status: 200, headers: new Headers(), text: JSON.stringify(json), json }
  }

const control = (path: string, method: string, json?: unknown): Request =>
  call({
    method,
    path: `/__sendbox/accounts/${accountId}${path}`,
    query: '',
    headers: { Authorization: undefined, 'X-LP-ON-BEHALF': undefined },
    json,
  })

/** Shows the conversation that the row speaks of. */
export const view: Request = world =>
  control(`/conversations/${world.memory.conversationId}`, 'GET')(world)

/** Shows all conversations of the account. */
export const listing: Request = control('/conversations', 'GET')

/** Shows the journal of the account. */
export const journal: Request = control('/requests', 'GET')

/** Lets the agent of the conversation act. */
export const agent =
  (action: string, more: object = {}): Request =>
  world =>
    control(`/conversations/${world.memory.conversationId}/agent`, 'POST', { action, ...more })(
      world,
    )

/** Advances the account's clock. */
export const advance = (advanceMs: number): Request => control('/clock', 'PUT', { advanceMs })
