import { createServer, IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Operation, type OperationId, operations } from '@sendbox/schema'
import type { ErrorRequestHandler, Express, Request, RequestHandler, Response } from 'express'
import { admitHead } from './admission.ts'
import type { ClientError } from './client-error.ts'
import type { RecordRefused } from './record-call.ts'

/** Pattern of an operation's usual URL: exact query, account id without escapes, captured. */
function toUsualUrl(id: OperationId): RegExp {
  const { path, query }: Operation = operations[id]
  const url = `${path}?${new URLSearchParams(query).toString()}`
  const pattern = url.replaceAll(/[.?]/g, '\\$&').replace('{accountId}', '([\\w.~-]+)')
  return new RegExp(`^${pattern}$`)
}

/** Handlers of the server's requests. */
interface AppServerOptions {
  readonly app: Express
  /** Records a request that is refused by its head. */
  readonly recordRefused: RecordRefused
  /** Whether a SEND call is not of a foreign web page; if it is, its response is written. */
  readonly admitPage: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Forwards a request to another host; returns `false` for one to the mock. @default all are to the mock */
  readonly forward?: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined
  /** Serves SEND; calls with the usual URL bypass the app's router. */
  readonly serveSend: RequestHandler<Record<string, string>> | undefined
  /** Responds to a SEND that failed. */
  readonly respondToFailure: ErrorRequestHandler
  /** Ends a connection whose bytes are no request; `mayRespond` says whether no response is being written. */
  readonly endBroken: (error: ClientError, socket: Duplex, mayRespond: boolean) => void
}

type AppRequest = Request<Record<string, string>>

const sendUrl = toUsualUrl('send')

/** The calls of one connection. */
interface Connection {
  /** The response to the call that is processed, or that was processed last. */
  current: ServerResponse
  /** The response to the last call. */
  last: ServerResponse
  /** The number of pipelined calls that wait for the one before them. */
  waiting: number
}

/** Maximum number of pipelined calls that wait on a connection before no more of it is read. */
export const maxWaitingCalls = 100

/** Counts a call that waits, and stops reading its connection where it is one too many. */
function hold(socket: Socket, connection: Connection): void {
  connection.waiting += 1
  if (connection.waiting !== maxWaitingCalls) return
  socket.pause()
  // Node resumes the socket whenever a response ends, in order to read the next call.
  const pauseAgain = () => {
    if (connection.waiting >= maxWaitingCalls) socket.pause()
    else socket.off('resume', pauseAgain)
  }
  socket.on('resume', pauseAgain)
}

/** Counts a call that waits no longer, and reads its connection again. */
function release(socket: Socket, connection: Connection): void {
  connection.waiting -= 1
  if (connection.waiting === maxWaitingCalls - 1) socket.resume()
}

/**
 * Creates the server of an Express app. Constructs requests and responses with the app's prototypes: Express' `setPrototypeOf` per request
 * deoptimizes V8's hidden classes, and has no effect here. See docs/adr/0008-send-past-the-router.md.
 */
export function createAppServer({
  app,
  recordRefused,
  admitPage,
  forward,
  serveSend,
  respondToFailure,
  endBroken,
}: AppServerOptions): Server {
  class OwnRequest extends IncomingMessage {}
  class OwnResponse extends ServerResponse {}
  Object.setPrototypeOf(OwnRequest.prototype, app.request)
  Object.setPrototypeOf(OwnResponse.prototype, app.response)
  Object.assign(app, { request: OwnRequest.prototype, response: OwnResponse.prototype })

  const serve = (request: AppRequest, response: Response): void => {
    if (forward?.(request, response) || !admitHead(request, response, recordRefused)) return
    const accountId = request.method === 'POST' ? sendUrl.exec(request.url)?.[1] : undefined
    if (accountId === undefined || serveSend === undefined) {
      app(request, response)
      return
    }
    if (!admitPage(request, response)) return
    request.originalUrl = request.url
    request.params = { accountId }
    void serveSend(request, response, error => {
      const destroy = () => void request.socket.destroy()
      void respondToFailure(error, request as Request, response, destroy)
    })
  }

  const connections = new WeakMap<Socket, Connection>()
  const born = { IncomingMessage: OwnRequest, ServerResponse: OwnResponse }
  // Keep-alive timeout off: Node closes idle sockets after 5 s, which races with a client that is just reusing one.
  const server = createServer({ ...born, keepAliveTimeout: 0 }, (request, response) => {
    const { socket } = request
    const known = connections.get(socket)
    const before = known?.last
    if (known) known.last = response
    else connections.set(socket, { current: response, last: response, waiting: 0 })
    if (known === undefined || before === undefined || before.writableFinished) {
      if (known) known.current = response
      return serve(request as AppRequest, response as unknown as Response)
    }
    // Pipelined calls are processed in sequence, as Node writes their responses, and other connections come between two of them.
    hold(socket, known)
    before.once('close', () =>
      setImmediate(() => {
        release(socket, known)
        known.current = response
        if (!socket.destroyed) serve(request as AppRequest, response as unknown as Response)
      }),
    )
  })
  server.on('clientError', (error: ClientError, socket) => {
    const current = connections.get(socket as Socket)?.current
    const isFree = !current?.headersSent || (current.writableFinished && current.shouldKeepAlive)
    endBroken(error, socket, isFree)
  })
  return server
}
