import type { IncomingMessage, ServerResponse } from 'node:http'
import type { WebhookReceiver } from './receiver.ts'
import { createRefusal } from './responses.ts'

/**
 * Reads a body whole. It stops once more than `maxBytes` came, and gives what it has, which is then
 * longer than allowed.
 */
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

/** A request, perhaps after middleware that kept its bytes in `body` or `rawBody`. */
type NodeRequest = IncomingMessage & { readonly body?: unknown; readonly rawBody?: unknown }

/** The bytes of a request, or `undefined` where something else has read them and not kept them. */
async function bytesOf(request: NodeRequest, maxBytes: number): Promise<Uint8Array | undefined> {
  const kept = [request.rawBody, request.body].find(value => value instanceof Uint8Array)
  if (kept) return kept
  if (request.readableDidRead) return undefined
  // Leaving the loop would destroy the request, and by Node's documentation its socket with it.
  return readWebhookBody(request.iterator({ destroyOnReturn: false }), maxBytes)
}

/** Answers a request of node:http or Express. */
export async function answerNodeRequest(
  receiver: WebhookReceiver,
  maxBytes: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let body: Uint8Array | undefined
  try {
    body = await bytesOf(request, maxBytes)
  } catch {
    // The sender is gone in the middle of the body: nobody waits for an answer.
    response.destroy()
    return
  }
  const { method, headers } = request
  const answer = body
    ? await receiver.receive({ method, headers, body })
    : receiver.refuse(createRefusal('body-gone'))
  if (!request.complete) response.setHeader('connection', 'close')
  response.writeHead(answer.status, answer.headers).end(answer.body)
}

/** Answers a request of a Fetch-style server. */
export async function answerFetchRequest(
  receiver: WebhookReceiver,
  maxBytes: number,
  request: Request,
): Promise<Response> {
  const answer = request.bodyUsed
    ? receiver.refuse(createRefusal('body-gone'))
    : await receiver.receive({
        method: request.method,
        headers: Object.fromEntries(request.headers),
        body: request.body ? await readWebhookBody(request.body, maxBytes) : new Uint8Array(),
      })
  return new Response(answer.body, { status: answer.status, headers: answer.headers })
}
