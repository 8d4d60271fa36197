import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAppJwt } from '../create-app-jwt.ts'

/** A request as it came over the wire. */
interface SeenRequest {
  readonly method: string
  /** Path and query, still encoded. */
  readonly url: string
  /** Header fields in their own case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** An answer; a body that is no text goes out as JSON, and `cut` ends the connection instead. */
export type StubAnswer =
  | { readonly status: number; readonly body?: unknown }
  | { readonly cut: 'before' | 'midway' }

type Handler = (request: SeenRequest) => StubAnswer | undefined

/** All services of one account on one port. */
export interface StubService extends AsyncDisposable {
  readonly url: string
  readonly host: string
  readonly requests: readonly SeenRequest[]
  /** Answers what `handler` answers, until the next call; the defaults answer the rest. */
  answer(handler: Handler): void
  /** The requests whose path, without its query, ends so. */
  requestsTo(pathEnd: string): readonly SeenRequest[]
}

const serviceNames = ['asyncMessagingEnt', 'sentinel', 'idp'] as const
export const conversationId = '5cb19a7d-2a5d-4a45-8c4a-39d4a8a3a8a1'
const farFuture = 4_102_444_800
export const defaultAppJwt = createAppJwt({ exp: farFuture })

const pathOf = (request: SeenRequest): string => request.url.split('?')[0] ?? ''

function answerByDefault(request: SeenRequest, host: string, sequence: () => number): StubAnswer {
  const path = pathOf(request)
  if (path.endsWith('/baseURI.json')) {
    const baseURIs = serviceNames.map(service => ({ service, account: 'any', baseURI: host }))
    return { status: 200, body: { baseURIs } }
  }
  if (path.endsWith('/app/token')) {
    return { status: 200, body: { access_token: defaultAppJwt, token_type: 'Bearer' } }
  }
  const body = JSON.parse(request.body)
  if (path.endsWith('/consumer')) {
    return { status: 201, body: { token: `jws-of-${body.ext_consumer_id}` } }
  }
  if (path.endsWith('/conversation')) {
    const [profile, conversation] = body
    return {
      status: 200,
      body: [
        { code: 'OK', body: { msg: 'OK User Profile set successfully' }, reqId: profile.id },
        { code: 'OK', body: { conversationId }, reqId: conversation.id },
      ],
    }
  }
  const result =
    body.type === 'ms.PublishEvent'
      ? { sequence: body.body.event.type === 'ChatStateEvent' ? 0 : sequence() }
      : { msg: 'OK Conversation resolved successfully' }
  return { status: 200, body: { reqId: String(body.id), code: 'OK', body: result } }
}

async function readRequest(message: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk)
  const raw = message.rawHeaders
  const headers = Object.fromEntries(
    raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : [])),
  )
  const { method = '', url = '' } = message
  return { method, url, headers, body: Buffer.concat(chunks).toString() }
}

function reply(response: ServerResponse, answer: StubAnswer): void {
  if ('cut' in answer) {
    if (answer.cut === 'before') return void response.destroy()
    response.writeHead(200, { 'content-length': '100' })
    response.write('{"reqId"', () => response.destroy())
    return
  }
  const { status, body } = answer
  response.writeHead(status, { 'content-type': 'application/json;charset=utf-8' })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

/** Starts a service of canned answers on a free port; it keeps what it is sent. */
export async function startStubService(): Promise<StubService> {
  const requests: SeenRequest[] = []
  let handler: Handler = () => undefined
  let nextSequence = 0
  let host = ''

  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readRequest(message)
    requests.push(request)
    reply(response, handler(request) ?? answerByDefault(request, host, () => nextSequence++))
  }
  const server = createServer((message, response) => void serve(message, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    url: `http://${host}`,
    host,
    requests,
    answer(next) {
      handler = next
    },
    requestsTo: pathEnd => requests.filter(request => pathOf(request).endsWith(pathEnd)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
