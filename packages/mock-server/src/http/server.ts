import { createServer, IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type Operation, type OperationId, operations } from '@sendbox/schema'
import type { ErrorRequestHandler, Express, Request, RequestHandler, Response } from 'express'

/** Matches the URL of an operation as clients write it, its query to the letter and its account id free of escapes, and gives the account id. */
function toUsualUrl(id: OperationId): RegExp {
  const { path, query }: Operation = operations[id]
  const url = `${path}?${new URLSearchParams(query).toString()}`
  const pattern = url.replaceAll(/[.?]/g, '\\$&').replace('{accountId}', '([\\w.~-]+)')
  return new RegExp(`^${pattern}$`)
}

/** What a server hands its requests to. */
interface AppServerOptions {
  readonly app: Express
  /** Serves SEND; a call whose URL is written as clients write it comes to it past the app's routes. */
  readonly serveSend: RequestHandler<Record<string, string>>
  /** Answers a call of SEND that failed. */
  readonly answerFailure: ErrorRequestHandler
}

type AppRequest = Request<Record<string, string>>

const sendUrl = toUsualUrl('send')

/**
 * Makes the server of an Express app. Its requests and responses are born with the app's prototypes: Express sets them on each one, which
 * costs V8 all that it knows of the object, and changes nothing where they are there. See docs/adr/0008-send-past-the-router.md.
 */
export function createAppServer({ app, serveSend, answerFailure }: AppServerOptions): Server {
  class OwnRequest extends IncomingMessage {}
  class OwnResponse extends ServerResponse {}
  Object.setPrototypeOf(OwnRequest.prototype, app.request)
  Object.setPrototypeOf(OwnResponse.prototype, app.response)
  Object.assign(app, { request: OwnRequest.prototype, response: OwnResponse.prototype })

  const serve = (request: AppRequest, response: Response): void => {
    const accountId = request.method === 'POST' ? sendUrl.exec(request.url)?.[1] : undefined
    if (accountId === undefined) {
      app(request, response)
      return
    }
    request.originalUrl = request.url
    request.params = { accountId }
    void serveSend(request, response, error => {
      const endBroken = () => void request.socket.destroy()
      void answerFailure(error, request as Request, response, endBroken)
    })
  }

  /** The last call of each connection. */
  const last = new WeakMap<Socket, ServerResponse>()
  const born = { IncomingMessage: OwnRequest, ServerResponse: OwnResponse }
  // Node ends a connection that is idle for five seconds: a call that its client sends just then is lost. This one waits for the client.
  return createServer({ ...born, keepAliveTimeout: 0 }, (request, response) => {
    const { socket } = request
    const before = last.get(socket)
    last.set(socket, response)
    if (before === undefined || before.writableFinished)
      return serve(request as AppRequest, response as unknown as Response)
    // Pipelined calls act one after the other, as Node answers them.
    before.once('close', () => {
      if (!socket.destroyed) serve(request as AppRequest, response as unknown as Response)
    })
  })
}
