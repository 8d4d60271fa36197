import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type MockAccount, startMockServer } from '@sendbox/mock-server'
import { operations, toPath } from '@sendbox/schema'

/** One call of the control API, and the status that is expected of it. */
export interface ControlRequest {
  /** Values of the path's `{…}`. */
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly status: number
  /** Makes the event that a stream begins with, once it is open. */
  readonly meanwhile?: () => unknown
}

interface ControlAnswer {
  readonly status: number
  readonly mediaType: string
  readonly body: unknown
}

/** A mock in which everything has happened once: calls, a conversation, a profile, a file, a webhook. */
export interface ControlSession extends AsyncDisposable {
  readonly url: string
  /** The endpoint of its webhooks. */
  readonly endpoint: string
  readonly account: MockAccount
  readonly accountId: string
  readonly conversationId: string
  readonly deliveryId: string
  /** Calls the control API; `path` is a template. */
  readonly call: (method: string, path: string, request: ControlRequest) => Promise<ControlAnswer>
}

const batchOf = (accountId: string): unknown => [
  {
    kind: 'req',
    id: '1',
    type: 'userprofile.SetUserProfile',
    body: {
      firstName: 'Zoe',
      authenticatedData: { lp_sdes: [{ type: 'ctmrinfo', info: { customerId: '1' } }] },
    },
  },
  { kind: 'req', id: '2', type: 'cm.ConsumerRequestConversation', body: { brandId: accountId } },
]

/** The data of the first event of a stream, which is then closed. */
async function readFirstEvent({ body }: Response): Promise<unknown> {
  let text = ''
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    const data = /^data: (.*)\n\n/m.exec(text)?.[1]
    if (data !== undefined) return JSON.parse(data)
  }
  throw new Error('The stream ended without an event')
}

async function callControl(url: string, method: string, path: string, request: ControlRequest) {
  const { params = {}, query = {}, headers = {}, body } = request
  const target = new URL(url + toPath(path, { ...params }))
  for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value)
  const response = await fetch(target, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  await request.meanwhile?.()
  const [mediaType = ''] = (response.headers.get('content-type') ?? '').split(';')
  if (mediaType === 'text/event-stream')
    return { status: response.status, mediaType, body: await readFirstEvent(response) }
  const text = await response.text()
  const isJson = mediaType === 'application/json'
  return { status: response.status, mediaType, body: isJson ? (JSON.parse(text) as unknown) : text }
}

/** An endpoint that takes every webhook. */
async function startEndpoint() {
  const server = createServer((request, response) => {
    request.resume()
    response.end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() }
}

export async function startControlSession(
  id = 'control-account',
  now?: () => number,
): Promise<ControlSession> {
  const endpoint = await startEndpoint()
  const server = await startMockServer({ seed: 'control', ...(now && { now }) })
  const account = server.account(id)
  const { accountId } = account
  const call: ControlSession['call'] = (method, path, request) =>
    callControl(server.url, method, path, request)
  const webhook = { endpoint: endpoint.url, headers: [{ header_name: 'a', header_value: 'b' }] }
  const webhooks = { 'ms.MessagingEventNotification.ContentEvent': webhook }
  await call('PUT', '/__sendbox/accounts/{accountId}/app-install', {
    params: { accountId },
    body: { capabilities: { webhooks } },
    status: 200,
  })
  const { appJwt, consumerJws } = await account.tokens('zoe')
  const path = toPath(operations.conversation.path, { accountId })
  await fetch(`${server.url}${path}?v=3`, {
    method: 'POST',
    headers: {
      Authorization: appJwt,
      'X-LP-ON-BEHALF': consumerJws,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify(batchOf(accountId)),
  })
  const [conversation] = await account.conversations.list()
  if (conversation === undefined) throw new Error('The batch opened no conversation')
  const { conversationId } = conversation
  await account.agent(conversationId).say('hello')
  const [delivery] = await account.webhooks.waitFor({ match: { state: 'delivered' } })
  if (delivery === undefined) throw new Error('The webhook was not delivered')
  return {
    url: server.url,
    endpoint: endpoint.url,
    account,
    accountId,
    conversationId,
    deliveryId: delivery.deliveryId,
    call,
    async [Symbol.asyncDispose]() {
      await server.close()
      endpoint.close()
    },
  }
}
