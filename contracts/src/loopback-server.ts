import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A running HTTP server. */
export interface LoopbackServer extends AsyncDisposable {
  /** Without a slash at its end. */
  readonly url: string
}

/** Starts an HTTP server on 127.0.0.1; a request whose handler rejects gets `failureStatus` and the error's message. */
export async function startLoopbackServer(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  {
    port = 0,
    failureStatus = 500,
  }: { readonly port?: number; readonly failureStatus?: number } = {},
): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.writeHead(failureStatus, { 'content-type': 'text/plain' })
      response.end(error instanceof Error ? error.message : String(error))
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
