import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'

/** The part of undici's message about an open connection that is read here. */
interface Connected {
  readonly connectParams: { readonly port: string }
  readonly socket: Socket
}

const connectedChannel = 'undici:client:connected'

/** The connections that clients make to one server. */
export interface SocketWatch extends Disposable {
  /** How many were made. */
  readonly made: number
  /** How many of them are not destroyed. */
  readonly open: number
}

/** Watches the connections that are made to the server at `url` from now on. */
export function watchSockets(url: string): SocketWatch {
  const { port } = new URL(url)
  const sockets: Socket[] = []
  const onConnected = (message: unknown): void => {
    const { connectParams, socket } = message as Connected
    if (connectParams.port === port) sockets.push(socket)
  }
  subscribe(connectedChannel, onConnected)
  return {
    get made() {
      return sockets.length
    },
    get open() {
      return sockets.filter(({ destroyed }) => !destroyed).length
    },
    [Symbol.dispose]() {
      unsubscribe(connectedChannel, onConnected)
    },
  }
}

/** Collects the rejections of this process that nobody takes, from now on. */
export function watchRejections(): { end(): Promise<readonly unknown[]> } {
  const rejections: unknown[] = []
  const onRejection = (reason: unknown): void => {
    rejections.push(reason)
  }
  process.on('unhandledRejection', onRejection)
  return {
    async end() {
      // Node tells of them after the microtasks of a turn.
      await turn()
      await turn()
      process.off('unhandledRejection', onRejection)
      return rejections
    },
  }
}
