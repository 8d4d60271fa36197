import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { createServer } from 'node:tls'
import { callbackify } from 'node:util'
import { isTunnelled, rawSocketOf, setOrigin, tlsHello } from './connections.ts'
import type { Certificates } from './contexts.ts'

const ignore = (): void => {}

/** The target of a CONNECT. */
const authorityForm = /^(\[[\da-f:.]+\]|[^\s:/@]+):\d{1,5}$/i

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

/**
 * Lets the port of an http server speak TLS and CONNECT too: the first byte of a connection tells, and that of a tunnel again. The mock
 * serves the tunnels to hosts that `leadsHere` names, and refuses all others.
 */
export function sharePort(
  server: Server,
  { fallback, contextOf }: Certificates,
  leadsHere: (hostName: string) => boolean,
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
    socket.once('data', (chunk: Buffer) => {
      socket.setTimeout(0)
      socket.off('timeout', end)
      socket.pause()
      socket.unshift(chunk)
      if (chunk[0] === tlsHello) return shakeHands(socket)
      serveHttp.call(server, socket)
      socket.resume()
    })
  }
  server.on('connection', accept)

  server.on('connect', ({ url = '' }: IncomingMessage, socket: Socket, head: Buffer) => {
    const [, host] = authorityForm.exec(url) ?? []
    if (host === undefined)
      return refuseTunnel(socket, 400, 'The target of a CONNECT is a host and a port')
    if (!leadsHere(host.toLowerCase()))
      return refuseTunnel(
        socket,
        403,
        `The mock tunnels to the hosts of LivePerson only, not to ${host}: name it in NO_PROXY, so that your program asks it directly`,
      )
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    setOrigin(socket, { raw: rawSocketOf(socket), isTunnel: true })
    if (head.length > 0) socket.unshift(head)
    accept(socket)
  })
}
