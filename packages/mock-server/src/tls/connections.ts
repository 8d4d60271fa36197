import type { Socket } from 'node:net'

/** The first byte of a TLS hello: the type of a handshake record. Source: RFC 8446, 5.1. */
export const tlsHello = 0x16

/** The way to a connection that is not the accepted socket itself, or that a CONNECT led to the mock. */
interface Origin {
  /** The socket that was accepted. */
  readonly raw: Socket
  /** Whether a CONNECT led it to the mock. */
  readonly isTunnel: boolean
}

const origins = new WeakMap<Socket, Origin>()

/** Notes what a TLS connection, or a tunnel, runs over. */
export const setOrigin = (socket: Socket, origin: Origin): void => void origins.set(socket, origin)

/** The socket that was accepted, under TLS or not. */
export const rawSocketOf = (socket: Socket): Socket => origins.get(socket)?.raw ?? socket

/** Whether the client asked for a host by CONNECT, and so means another server than the mock. */
export const isTunnelled = (socket: Socket): boolean => origins.get(socket)?.isTunnel ?? false

/** Resets a connection: under TLS the TCP connection, as a TLS socket has none to reset. */
export const resetConnection = (socket: Socket): void => void rawSocketOf(socket).resetAndDestroy()
