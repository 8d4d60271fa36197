import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'

/** What undici tells of a connection that stands. */
interface Connected {
  readonly connectParams: { readonly port: string }
  readonly socket: Socket
}

const connectedChannel = 'undici:client:connected'

/** Watches what a client may leave behind: connections to one server, and rejections that nobody takes. */
export interface LeakWatch {
  /** How many connections were made. */
  readonly connections: number
  /** How many of them are not destroyed. */
  readonly openSockets: number
  readonly rejections: readonly unknown[]
  /** Ends the watch once late rejections had their turn. */
  end(): Promise<void>
}

/** Starts to watch the connections of all clients to the server at `url`. */
export function watchLeaks(url: string): LeakWatch {
  const { port } = new URL(url)
  const sockets: Socket[] = []
  const rejections: unknown[] = []
  const onConnected = (message: unknown): void => {
    const { connectParams, socket } = message as Connected
    if (connectParams.port === port) sockets.push(socket)
  }
  const onRejection = (reason: unknown): void => {
    rejections.push(reason)
  }
  subscribe(connectedChannel, onConnected)
  process.on('unhandledRejection', onRejection)
  return {
    get connections() {
      return sockets.length
    },
    get openSockets() {
      return sockets.filter(({ destroyed }) => !destroyed).length
    },
    rejections,
    async end() {
      await turn()
      await turn()
      unsubscribe(connectedChannel, onConnected)
      process.off('unhandledRejection', onRejection)
    },
  }
}
