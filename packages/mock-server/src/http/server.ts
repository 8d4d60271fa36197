import { createServer, IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type Operation, type OperationId, operations } from '@sendbox/schema'
import type { ErrorRequestHandler, Express, Request, RequestHandler, Response } from 'express'
import { admitHead } from './admission.ts'

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
  /** Whether a SEND call is not of a foreign web page; if it is, its response is written. */
  readonly admitPage: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Serves SEND; calls with the usual URL bypass the app's router. */
  readonly serveSend: RequestHandler<Record<string, string>>
  /** Responds to a SEND that failed. */
  readonly respondToFailure: ErrorRequestHandler
}

type AppRequest = Request<Record<string, string>>

const sendUrl = toUsualUrl('send')

/**
 * Creates the server of an Express app. Constructs requests and responses with the app's prototypes: Express' `setPrototypeOf` per request
 * deoptimizes V8's hidden classes, and has no effect here. See docs/adr/0008-send-past-the-router.md.
 */
export function createAppServer({
  app,
  admitPage,
  serveSend,
  respondToFailure,
}: AppServerOptions): Server {
  class OwnRequest extends IncomingMessage {}
  class OwnResponse extends ServerResponse {}
  Object.setPrototypeOf(OwnRequest.prototype, app.request)
  Object.setPrototypeOf(OwnResponse.prototype, app.response)
  Object.assign(app, { request: OwnRequest.prototype, response: OwnResponse.prototype })

  const serve = (request: AppRequest, response: Response): void => {
    if (!admitHead(request, response)) return
    const accountId = request.method === 'POST' ? sendUrl.exec(request.url)?.[1] : undefined
    if (accountId === undefined) {
      app(request, response)
      return
    }
    if (!admitPage(request, response)) return
    request.originalUrl = request.url
    request.params = { accountId }
    void serveSend(request, response, error => {
      const endBroken = () => void request.socket.destroy()
      void respondToFailure(error, request as Request, response, endBroken)
    })
  }

  /** The last call of each connection. */
  const last = new WeakMap<Socket, ServerResponse>()
  const born = { IncomingMessage: OwnRequest, ServerResponse: OwnResponse }
  // Keep-alive timeout off: Node closes idle sockets after 5 s, which races with a client that is just reusing one.
  return createServer({ ...born, keepAliveTimeout: 0 }, (request, response) => {
    const { socket } = request
    const before = last.get(socket)
    last.set(socket, response)
    if (before === undefined || before.writableFinished)
      return serve(request as AppRequest, response as unknown as Response)
    // Pipelined calls are processed in sequence, as Node writes their responses.
    before.once('close', () => {
      if (!socket.destroyed) serve(request as AppRequest, response as unknown as Response)
    })
  })
}
