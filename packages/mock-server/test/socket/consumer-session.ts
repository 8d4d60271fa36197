import { operations, toPath } from '@sendbox/schema'
import { type MockServer, type MockServerOptions, startMockServer } from '../../src/index.ts'

/** An answer as a test compares it: the raw text too, where bytes matter. */
export interface ReceivedAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: unknown
}

/** Sends one HTTP call; nothing is added to what the test gives. */
export async function call(url: string, init?: RequestInit): Promise<ReceivedAnswer> {
  const response = await fetch(url, init)
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: JSON.parse(text) }
}

/** A running mock with one consumer, their tokens and an open conversation. */
export interface ConsumerSession extends AsyncDisposable {
  readonly server: MockServer
  readonly accountId: string
  readonly conversationId: string
  readonly sendUrl: string
  readonly batchUrl: string
  /** The headers of a good call; a test overrides what it is about. */
  readonly headers: Readonly<Record<string, string>>
  send(body: unknown, headers?: Readonly<Record<string, string>>): Promise<ReceivedAnswer>
  sendBatch(body: unknown): Promise<ReceivedAnswer>
  publish(event: unknown, id?: string | number): Promise<ReceivedAnswer>
  /** Sends a change of one field or several to the conversation. */
  update(conversationField: unknown): Promise<ReceivedAnswer>
  close(): Promise<ReceivedAnswer>
}

export async function startConsumerSession(
  options: MockServerOptions = {},
): Promise<ConsumerSession> {
  const server = await startMockServer(options)
  const account = server.account()
  const { accountId } = account
  const { appJwt, consumerJws } = await account.tokens('consumer-1')
  const { conversationId } = await account.conversations.open('consumer-1')
  const headers = {
    Authorization: appJwt,
    'X-LP-ON-BEHALF': consumerJws,
    'Content-Type': 'application/json',
  }
  const sendUrl = `${server.url}${toPath(operations.send.path, { accountId })}?v=3`
  const batchUrl = `${server.url}${toPath(operations.conversation.path, { accountId })}?v=3`
  const send: ConsumerSession['send'] = (body, overrides = headers) =>
    call(sendUrl, { method: 'POST', headers: overrides, body: JSON.stringify(body) })
  const update: ConsumerSession['update'] = conversationField =>
    send({
      kind: 'req',
      id: '1',
      type: 'cm.UpdateConversationField',
      body: { conversationId, conversationField },
    })
  return {
    server,
    accountId,
    conversationId,
    sendUrl,
    batchUrl,
    headers,
    send,
    sendBatch: body => call(batchUrl, { method: 'POST', headers, body: JSON.stringify(body) }),
    publish: (event, id = '1') =>
      send({ kind: 'req', id, type: 'ms.PublishEvent', body: { dialogId: conversationId, event } }),
    update,
    close: () => update({ field: 'ConversationStateField', conversationState: 'CLOSE' }),
    [Symbol.asyncDispose]: () => server.close(),
  }
}

export const text = (message: string): unknown => ({
  type: 'ContentEvent',
  contentType: 'text/plain',
  message,
})

/** An error outside auth, or of auth where `reqId` is absent. Rules: AUTH-5, RES-6. */
export const errorOf = (
  status: number,
  errorCode: number,
  title: string,
  details: string,
  reqId?: string,
): unknown => ({
  kind: 'resp',
  ...(reqId !== undefined && { reqId }),
  code: status,
  body: { title, details, errorCode },
  type: '.ReqBody$ErrorResp',
})
