import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** A running HTTP server. */
export interface LoopbackServer extends AsyncDisposable {
  /** Without a slash at its end. */
  readonly url: string
}

/** How a server listens. */
export interface LoopbackOptions {
  /** Port on loopback. @default 0, a free port */
  readonly port?: number
  /** @default 500 */
  readonly failureStatus?: number
  /**
   * Whether its port speaks TLS and CONNECT too, for LivePerson's hosts, as that of a mock does with `tls` and `passThrough`.
   * @default false
   */
  readonly tls?: boolean
}

/** The names by which this machine calls itself; a page's DNS may give its own name the same address. */
const loopbackHost = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d+)?$/i

/** The host name of a `Host` header, in lower case. */
export const toHostName = (host: string): string => host.toLowerCase().replace(/\.?(?::\d*)?$/, '')

type IsHost = (hostName: string) => boolean

/** Whether a program of this machine sent a request, and no page of a browser. */
const isOwn = ({ headers: { host = '', origin } }: IncomingMessage, isServed: IsHost): boolean =>
  (loopbackHost.test(host) || isServed(toHostName(host))) &&
  (origin === undefined || (URL.canParse(origin) && loopbackHost.test(new URL(origin).host)))

const absoluteForm = /^https?:\/\/([^/?]*)(.*)$/is

/** Makes the host of a request target in absolute-form that of the request. Source: RFC 9112, 3.2.2. */
function toOriginForm(request: IncomingMessage): void {
  const [, host, rest = ''] = absoluteForm.exec(request.url ?? '') ?? []
  if (host === undefined) return
  request.headers.host = host
  request.url = rest.startsWith('/') ? rest : `/${rest}`
}

/** Open sockets of a server, tunnels included, of which it knows nothing itself. */
function socketsOf(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

/** The maximum size of a request's body, in bytes. */
const maxBodyBytes = 67_108_864

/** Reads the body of a request; rejects beyond 64 MiB. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBodyBytes) throw new Error(`The body has more than ${maxBodyBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Starts an HTTP server on 127.0.0.1; a request whose handler rejects gets `failureStatus` and the error's message, one of a web page 403. */
export async function startLoopbackServer(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  { port = 0, failureStatus = 500, tls = false }: LoopbackOptions = {},
): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    if (tlsPort?.forward(request, response)) return
    toOriginForm(request)
    if (!isOwn(request, name => tlsPort?.isServiceHost(name) ?? false)) {
      response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' })
      response.end('Only programs of this machine may call: Host and Origin must be loopback')
      return
    }
    handle(request, response).catch((error: unknown) => {
      response.writeHead(failureStatus, { 'content-type': 'text/plain' })
      response.end(error instanceof Error ? error.message : String(error))
    })
  })
  const tlsPort = tls
    ? await (await import('@sendbox/mock-server/run')).speakTls(server)
    : undefined
  const sockets = socketsOf(server)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
