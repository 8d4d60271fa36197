import { createRefusal } from './webhook-answer.ts'
import { readWebhookBody } from './webhook-body.ts'
import type { WebhookReceiver } from './webhook-receiver.ts'

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
