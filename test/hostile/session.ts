import { type MockServer, startMockServer } from '@sendbox/mock-server'
import { exchange, type RawExchange, toRequest } from './raw-socket.ts'

export const accountId = '12345678'
export const conversationId = 'conversation-1'

/** A running mock that must survive all that is done to it, with the tokens of one consumer. */
export interface Session extends AsyncDisposable {
  readonly server: MockServer
  /** Internal errors of the mock. */
  readonly failures: readonly Error[]
  readonly appJwt: string
  readonly consumerJws: string
  /** Sends one SEND call, whose headers and body may be anything, over a connection that it ends. */
  send(call: {
    readonly headers?: Readonly<Record<string, string | number>>
    readonly body?: string | Uint8Array
    readonly path?: string
  }): Promise<RawExchange>
  /** The same as bytes; the connection stays open. */
  toSend(body: string | Uint8Array, headers?: Readonly<Record<string, string | number>>): Buffer
}

const sendPath = `/api/account/${accountId}/messaging/consumer/conversation/send?v=3`

/** Starts a mock with an open conversation. */
export async function startSession(): Promise<Session> {
  const failures: Error[] = []
  const server = await startMockServer({ reportError: error => failures.push(error) })
  const account = server.account(accountId)
  const tokens = await account.tokens('zoe')
  await account.conversations.open('zoe', conversationId)
  const own = {
    Host: new URL(server.url).host,
    Authorization: tokens.appJwt,
    'X-LP-ON-BEHALF': tokens.consumerJws,
    'Content-Type': 'application/json',
  }
  return {
    ...tokens,
    server,
    failures,
    send: ({ headers, body = toText('hello'), path = sendPath }) =>
      exchange(
        server.url,
        toRequest({ path, headers: { ...own, Connection: 'close', ...headers }, body }),
      ),
    toSend: (body, headers) => toRequest({ path: sendPath, headers: { ...own, ...headers }, body }),
    [Symbol.asyncDispose]: () => server.close(),
  }
}

/** A publish; `more` is put into the request as it is, `event` in place of a text. */
export const toPublish = (event: string, more = ''): string =>
  `{"kind":"req","id":"1","type":"ms.PublishEvent","body":{"dialogId":"${conversationId}","event":${event}}${more}}`

/** A publish of a text. */
export const toText = (message: string, more = ''): string =>
  toPublish(
    `{"type":"ContentEvent","contentType":"text/plain","message":${JSON.stringify(message)}}`,
    more,
  )

/** Status and errorCode of each answer, with the error's shape checked; 0 for an answer without one. */
export const toCodes = ({ answers }: RawExchange): (readonly [number, number])[] =>
  answers.map(({ status, body }) => {
    const json: unknown = body.startsWith('{') ? JSON.parse(body) : undefined
    const { errorCode = 0 } = (json as { body?: { errorCode?: number } } | undefined)?.body ?? {}
    return [status, errorCode]
  })

/** Checks that the mock still works: it responds to a good call, shows the conversation, and had no internal error. */
export async function stateOf(session: Session) {
  const health = await fetch(`${session.server.url}/__sendbox/health`)
  const view = await fetch(
    `${session.server.url}/__sendbox/accounts/${accountId}/conversations/${conversationId}`,
  )
  await view.text()
  const good = await session.send({})
  return {
    health: health.status,
    view: view.status,
    good: good.answers.map(({ status }) => status),
    failures: session.failures.map(String),
    isPolluted: 'polluted' in {},
  }
}

/** The result of {@link stateOf} for a mock that still works. */
export const isWell = { health: 200, view: 200, good: [200], failures: [], isPolluted: false }
