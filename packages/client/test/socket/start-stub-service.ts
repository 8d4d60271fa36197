import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { createAppJwt } from '../create-app-jwt.ts'

/** A received request. */
interface SeenRequest {
  readonly method: string
  /** Encoded path and query. */
  readonly url: string
  /** Names in their original case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly bytes: Buffer
}

/**
 * A response; a body that is neither text nor bytes is serialized as JSON. `cut` closes the
 * connection and `hang` stalls it, before the response or in the middle of it.
 */
export type StubAnswer =
  | {
      readonly status: number
      readonly body?: unknown
      readonly headers?: Readonly<Record<string, string>>
    }
  | { readonly cut: 'before' | 'midway' }
  | { readonly hang: 'before' | 'midway' }

type Handler = (request: SeenRequest) => StubAnswer | undefined | Promise<StubAnswer | undefined>

/** All services of one account on one port. */
export interface StubService extends AsyncDisposable {
  readonly url: string
  readonly host: string
  readonly requests: readonly SeenRequest[]
  /** Number of open connections. */
  readonly connections: number
  /** Responds by `handler`, until the next call; `undefined` is the default response. */
  answer(handler: Handler): void
  /** Requests whose path, without the query, ends with `pathEnd`. */
  requestsTo(pathEnd: string): readonly SeenRequest[]
}

const serviceNames = ['asyncMessagingEnt', 'sentinel', 'idp', 'swift'] as const

/** Path of the stub's only file. */
export const relativePath = `/v1/AUTH_async-images/12345678/${'0'.repeat(64)}_uuid_${'1'.repeat(36)}_31-12-2026_10-00-00-000.PNG`
export const signature = 'a'.repeat(40)
const fileUrl = {
  relativePath,
  queryParams: { temp_url_sig: signature, temp_url_expires: '4102444800' },
}

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
  if (path === relativePath) {
    return request.method === 'PUT' ? { status: 201 } : { status: 200, body: Buffer.from('bytes') }
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
  return {
    status: 200,
    body: { reqId: String(body.id), code: 'OK', body: resultOf(body, sequence) },
  }
}

function resultOf(
  request: { type: string; body: { event: { type: string } } },
  sequence: () => number,
): unknown {
  if (request.type.startsWith('ms.GenerateURL')) return fileUrl
  if (request.type !== 'ms.PublishEvent') return { msg: 'OK Conversation resolved successfully' }
  return { sequence: request.body.event.type === 'ChatStateEvent' ? 0 : sequence() }
}

async function readRequest(message: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk)
  const raw = message.rawHeaders
  const headers = Object.fromEntries(
    raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : [])),
  )
  const { method = '', url = '' } = message
  const bytes = Buffer.concat(chunks)
  return { method, url, headers, body: bytes.toString(), bytes }
}

const encode = (body: unknown): string | Buffer => {
  if (body === undefined) return ''
  return typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
}

function reply(response: ServerResponse, answer: StubAnswer): void {
  if ('status' in answer) {
    const { status, body, headers } = answer
    response.writeHead(status, { 'content-type': 'application/json;charset=utf-8', ...headers })
    response.end(encode(body))
    return
  }
  const end = (): void => {
    if ('cut' in answer) response.destroy()
  }
  const isMidway = ('cut' in answer ? answer.cut : answer.hang) === 'midway'
  if (!isMidway) end()
  else response.writeHead(200, { 'content-length': '100' }).write('{"reqId"', end)
}

interface StubOptions {
  /** Enables TLS. */
  readonly tls?: { readonly key: string; readonly cert: string }
}

/** Starts a service of canned responses on a free port; it records its requests. */
export async function startStubService({ tls }: StubOptions = {}): Promise<StubService> {
  const requests: SeenRequest[] = []
  const sockets = new Set<Socket>()
  let handler: Handler = () => undefined
  let nextSequence = 0
  let host = ''

  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readRequest(message)
    requests.push(request)
    const answer = (await handler(request)) ?? answerByDefault(request, host, () => nextSequence++)
    reply(response, answer)
  }
  // A client that disconnects in the middle of a request is no failure.
  const listener = (message: IncomingMessage, response: ServerResponse): void =>
    void serve(message, response).catch(() => response.destroy())
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    url: `${tls === undefined ? 'http' : 'https'}://${host}`,
    host,
    requests,
    get connections() {
      return sockets.size
    },
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
