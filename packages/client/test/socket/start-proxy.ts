import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

/** A tunnelling proxy that records its requests. */
export interface TestProxy extends AsyncDisposable {
  readonly host: string
  /** Targets and credentials. */
  readonly tunnels: readonly { readonly target: string; readonly authorization?: string }[]
}

/** Starts a proxy on a free port; `status` refuses all tunnels, `hangs` never responds. */
export async function startProxy({ status = 200, hangs = false } = {}): Promise<TestProxy> {
  const tunnels: { target: string; authorization?: string }[] = []
  const sockets = new Set<Socket>()
  const server = createServer()
  server.on('connect', (request, socket: Socket) => {
    const authorization = request.headers['proxy-authorization']
    tunnels.push({
      target: request.url ?? '',
      ...(authorization !== undefined && { authorization }),
    })
    sockets.add(socket)
    if (hangs) return
    if (status !== 200) return void socket.end(`HTTP/1.1 ${status} Refused\r\n\r\n`)
    const [hostname, port] = (request.url ?? '').split(':')
    const target = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      target.pipe(socket).pipe(target)
    })
    for (const end of [target, socket]) {
      end.on('error', () => undefined)
      end.on('close', () => (end === target ? socket : target).destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    tunnels,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
