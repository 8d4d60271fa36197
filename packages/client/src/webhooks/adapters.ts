import type { IncomingMessage, ServerResponse } from 'node:http'
import type { WebhookReceiver } from './receiver.ts'
import { createRefusal, type WebhookResponse } from './responses.ts'

/** Reads a body, at most one chunk beyond `maxBytes`, so that the result is longer than allowed. */
async function readWebhookBody(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array> {
  const read: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    read.push(chunk)
    size += chunk.byteLength
    if (size > maxBytes) break
  }
  return Buffer.concat(read)
}

/** A request, maybe after middleware that stored its bytes in `body` or `rawBody`. */
type NodeRequest = IncomingMessage & { readonly body?: unknown; readonly rawBody?: unknown }

/** Returns the bytes of a request, or `undefined` if middleware consumed them without storing them. */
async function bytesOf(request: NodeRequest, maxBytes: number): Promise<Uint8Array | undefined> {
  const stored = [request.rawBody, request.body].find(value => value instanceof Uint8Array)
  if (stored) return stored
  if (request.readableDidRead) return undefined
  // By default, leaving the loop destroys the request, and its socket with it.
  return readWebhookBody(request.iterator({ destroyOnReturn: false }), maxBytes)
}

/** Handles a request of node:http or Express. */
export async function handleNodeRequest(
  receiver: WebhookReceiver,
  maxBytes: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let body: Uint8Array | undefined
  try {
    body = await bytesOf(request, maxBytes)
  } catch {
    // The sender disconnected before the end of the body.
    response.destroy()
    return
  }
  const { method, headers } = request
  const result = body
    ? await receiver.receive({ method, headers, body })
    : receiver.refuse(createRefusal('body-gone'))
  try {
    if (!request.complete) response.setHeader('connection', 'close')
    response.writeHead(result.status, result.headers).end(result.body)
  } catch (error) {
    // Something else responded before.
    receiver.fail(error)
  }
}

/** Handles a request of a Fetch-style server. */
export async function handleFetchRequest(
  receiver: WebhookReceiver,
  maxBytes: number,
  request: Request,
): Promise<Response> {
  const { status, headers, body } = request.bodyUsed
    ? receiver.refuse(createRefusal('body-gone'))
    : await receiveFetch(receiver, maxBytes, request).catch(receiver.fail)
  return new Response(body, { status, headers })
}

const receiveFetch = async (
  receiver: WebhookReceiver,
  maxBytes: number,
  request: Request,
): Promise<WebhookResponse> =>
  receiver.receive({
    method: request.method,
    headers: Object.fromEntries(request.headers),
    body: request.body ? await readWebhookBody(request.body, maxBytes) : new Uint8Array(),
  })
