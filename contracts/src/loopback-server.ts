import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A running HTTP server. */
export interface LoopbackServer extends AsyncDisposable {
  /** Without a slash at its end. */
  readonly url: string
}

/** The names by which this machine calls itself; a page's DNS may give its own name the same address. */
const loopbackHost = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d+)?$/i

/** Whether a program of this machine sent a request, and no page of a browser. */
const isOwn = ({ headers: { host = '', origin } }: IncomingMessage): boolean =>
  loopbackHost.test(host) &&
  (origin === undefined || (URL.canParse(origin) && loopbackHost.test(new URL(origin).host)))

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
  {
    port = 0,
    failureStatus = 500,
  }: { readonly port?: number; readonly failureStatus?: number } = {},
): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    if (!isOwn(request)) {
      response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' })
      response.end('Only programs of this machine may call: Host and Origin must be loopback')
      return
    }
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
