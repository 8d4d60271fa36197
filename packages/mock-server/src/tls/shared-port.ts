import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { createServer } from 'node:tls'
import { callbackify } from 'node:util'
import { isTunnelled, rawSocketOf, setOrigin, tlsHello } from './connections.ts'
import type { Certificates } from './contexts.ts'

const ignore = (): void => {}

/** The target of a CONNECT. */
const authorityForm = /^(\[[\da-f:.]+\]|[^\s:/@]+):(\d{1,5})$/i

const maxPort = 65_535

/** Reads the target of a CONNECT; `undefined` for one that is none. */
function toTarget(url: string): Target | undefined {
  const [, host = '', digits] = authorityForm.exec(url) ?? []
  const port = Number(digits)
  return port >= 1 && port <= maxPort
    ? { host: host.toLowerCase().replace(/^\[|\]$/g, ''), port }
    : undefined
}

/** Writes a response in place of a tunnel, and ends the connection. */
function refuseTunnel(socket: Socket, status: number, details: string): void {
  const title = STATUS_CODES[status]
  const body = JSON.stringify({ title, details })
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/json;charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

/** A host, without brackets, and its port. */
export interface Target {
  readonly host: string
  readonly port: number
}

/** A target that the mock does not connect to. */
export class RefusedTarget extends Error {
  override readonly name = 'RefusedTarget'
}

const established = 'HTTP/1.1 200 Connection Established\r\n\r\n'

/** Joins a client with the connection to another host, or says why there is none. */
async function passOn(
  connecting: Promise<Socket>,
  client: Socket,
  head: Buffer,
  refuse: (status: number, details: string) => void,
): Promise<void> {
  client.on('error', ignore)
  try {
    const other = await connecting
    client.write(established)
    if (head.length > 0) other.write(head)
    pipeline(client, other, client, ignore)
  } catch (error) {
    const status = error instanceof RefusedTarget ? 403 : 502
    refuse(status, error instanceof Error ? error.message : String(error))
  }
}

/** Where the tunnels of a port lead. */
export interface Tunnels {
  /** Whether the mock serves those to a host, in lower case, itself. */
  readonly leadsHere: (hostName: string) => boolean
  /**
   * Connects a client to another host. Rejects with a {@link RefusedTarget}, or with the error of the connection.
   * @default all others are refused
   */
  readonly connect?: ((target: Target, client: Socket) => Promise<Socket>) | undefined
  /** Records a CONNECT that is refused. */
  readonly recordRefused?: (
    request: IncomingMessage,
    refused: { readonly status: number; readonly facts: { readonly hint: string } },
  ) => void
}

/**
 * Lets the port of an http server speak TLS and CONNECT too: the first byte of a connection tells, and that of a tunnel again. The mock
 * serves the tunnels to hosts that `leadsHere` names.
 */
export function sharePort(
  server: Server,
  { fallback, contextOf }: Certificates,
  { leadsHere, connect, recordRefused }: Tunnels,
): void {
  const [serveHttp] = server.listeners('connection') as [(this: Server, socket: Socket) => void]
  server.off('connection', serveHttp)

  const tls = createServer({
    ALPNProtocols: ['http/1.1'],
    ...fallback,
    SNICallback: callbackify((hostName: string) => contextOf(hostName.toLowerCase())),
  })

  const shaking = new Map<string, Socket>()
  const toKey = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`
  const shakeHands = (socket: Socket): void => {
    const key = toKey(socket)
    shaking.set(key, socket)
    socket.once('close', () => shaking.delete(key))
    // As under Node's https: half open, a handshake that its client gave up would stay until its timeout.
    socket.allowHalfOpen = false
    tls.emit('connection', socket)
  }
  tls.on('secureConnection', secure => {
    const below = shaking.get(toKey(secure)) ?? secure
    setOrigin(secure, { raw: rawSocketOf(below), isTunnel: isTunnelled(below) })
    server.emit('secureConnection', secure)
    serveHttp.call(server, secure)
  })
  tls.on('tlsClientError', (error, secure) => void server.emit('clientError', error, secure))

  const accept = (socket: Socket): void => {
    socket.on('error', ignore)
    const end = (): void => void socket.destroy()
    socket.setTimeout(server.headersTimeout, end)
    socket.once('end', end)
    socket.once('data', (chunk: Buffer) => {
      socket.setTimeout(0)
      socket.off('timeout', end).off('end', end)
      socket.pause()
      socket.unshift(chunk)
      if (chunk[0] === tlsHello) return shakeHands(socket)
      serveHttp.call(server, socket)
      socket.resume()
    })
  }
  server.on('connection', accept)

  const serveTunnel = (socket: Socket, head: Buffer): void => {
    socket.write(established)
    setOrigin(socket, { raw: rawSocketOf(socket), isTunnel: true })
    if (head.length > 0) socket.unshift(head)
    accept(socket)
  }
  server.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const refuse = (status: number, details: string): void => {
      recordRefused?.(request, { status, facts: { hint: details } })
      refuseTunnel(socket, status, details)
    }
    const target = toTarget(request.url ?? '')
    if (target === undefined) return refuse(400, 'The target of a CONNECT is a host and a port')
    if (leadsHere(target.host)) return serveTunnel(socket, head)
    if (connect) return void passOn(connect(target, socket), socket, head, refuse)
    return refuse(
      403,
      `The mock tunnels to the hosts of LivePerson only, not to ${target.host}: name it in NO_PROXY, so that your program asks it directly, or start the mock with --pass-through`,
    )
  })
}
