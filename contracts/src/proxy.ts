import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer as readBytes } from 'node:stream/consumers'
import { type Dispatcher, request as send } from 'undici'

/** A request as it passes through. */
export interface PassingRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Buffer
}

/** An answer as it passes through. */
export interface PassingAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Buffer
}

/** Sends a request on. */
export type Pass = (request: PassingRequest) => Promise<PassingAnswer>

/** What stands between a caller and a service. */
export interface ProxyOptions {
  /** Scheme, host and port of the service behind, or what tells it for each request. */
  readonly target: string | ((request: PassingRequest) => string | Promise<string>)
  /** Sees each call; the default passes it through. @default (request, pass) => pass(request) */
  readonly through?: (request: PassingRequest, pass: Pass) => Promise<PassingAnswer>
  /** undici's dispatcher, for a certificate of your own. */
  readonly dispatcher?: Dispatcher
  /**
   * Whose `Host` the service is told: the caller's makes a mock behind name the proxy as its services' host.
   * @default 'caller'
   */
  readonly host?: 'caller' | 'target'
  /** Where it listens on loopback. @default 0, a free port */
  readonly port?: number
}

/** A running proxy. */
export interface Proxy extends AsyncDisposable {
  readonly url: string
}

/** What belongs to one connection only. */
const hopHeaders: readonly string[] = [
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
]

const toHeaders = (headers: IncomingMessage['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name, value]) => value !== undefined && !hopHeaders.includes(name))
      .map(([name, value]) => [name, String(value)]),
  )

const withoutHost = (headers: PassingRequest['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'host'))

/** Starts a proxy on loopback. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const { target, dispatcher, host = 'caller', port: wantedPort = 0 } = options
  const { through = (request, pass) => pass(request) } = options
  const pass: Pass = async request => {
    const { method, path, headers, bytes } = request
    const origin = typeof target === 'string' ? target : await target(request)
    const answer = await send(`${origin}${path}`, {
      method,
      headers: host === 'caller' ? headers : withoutHost(headers),
      body: bytes.length > 0 ? bytes : null,
      ...(dispatcher && { dispatcher }),
    })
    return {
      status: answer.statusCode,
      headers: toHeaders(answer.headers),
      bytes: Buffer.from(await answer.body.arrayBuffer()),
    }
  }
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url: path = '/', headers } = request
    const passing = { method, path, headers: toHeaders(headers), bytes: await readBytes(request) }
    const answer = await through(passing, pass)
    response.writeHead(answer.status, {
      ...answer.headers,
      'content-length': answer.bytes.length,
    })
    response.end(answer.bytes)
  }
  const server = createServer((request, response) => {
    take(request, response).catch((error: unknown) => {
      response.writeHead(502, { 'content-type': 'text/plain' })
      response.end(error instanceof Error ? error.message : String(error))
    })
  })
  server.listen(wantedPort, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
