import { EventEmitter, once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { parseNotification } from '@sendbox/schema'
import { verifyWebhook } from '@sendbox/schema/signature'
import { z } from 'zod'
import { readBody, startLoopbackServer } from '../loopback-server.ts'
import type { PatternMismatch } from './match-pattern.ts'

/** A received notification. */
export interface ReceivedNotification {
  readonly headers: IncomingMessage['headers']
  readonly bytes: Buffer
  readonly json: unknown
}

/** Queues an account's notifications by conversation; each is responded to when it is dequeued. */
export interface NotificationReceiver extends AsyncDisposable {
  readonly url: string
  /** Dequeues the next notification of a conversation and responds with a status, 200 by default; rejects at the timeout. */
  next(conversationId: string, status?: number): Promise<ReceivedNotification>
}

const ChangeSchema = z.looseObject({
  conversationId: z.string().optional(),
  result: z.looseObject({ convId: z.string() }).optional(),
})
const AnyNotificationSchema = z.looseObject({
  body: z.looseObject({ changes: z.tuple([ChangeSchema]) }),
})

/** Rule: WH-4. */
const conversationIdOf = (notification: unknown): string => {
  const [change] = AnyNotificationSchema.parse(notification).body.changes
  return change.conversationId ?? change.result?.convId ?? ''
}

export interface NotificationReceiverOptions {
  /** Longest wait for a notification, in ms of wall time. @default 5000 */
  readonly timeoutMs?: number | undefined
}

/** Starts a receiver on loopback. */
export async function startNotificationReceiver({
  timeoutMs = 5000,
}: NotificationReceiverOptions = {}): Promise<NotificationReceiver> {
  const queues = new Map<
    string,
    { notification: ReceivedNotification; response: ServerResponse }[]
  >()
  const arrivals = new EventEmitter().setMaxListeners(0)
  const enqueue = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const bytes = await readBody(request)
    const json: unknown = JSON.parse(bytes.toString())
    const conversationId = conversationIdOf(json)
    const queued = { notification: { headers: request.headers, bytes, json }, response }
    queues.set(conversationId, [...(queues.get(conversationId) ?? []), queued])
    arrivals.emit('notification')
  }
  const server = await startLoopbackServer(enqueue, { failureStatus: 400 })

  return {
    url: `${server.url}/`,
    async next(conversationId, status = 200) {
      for (;;) {
        const queued = queues.get(conversationId)?.shift()
        if (queued !== undefined) {
          queued.response.writeHead(status).end()
          return queued.notification
        }
        await once(arrivals, 'notification', { signal: AbortSignal.timeout(timeoutMs) }).catch(
          () => {
            throw new Error(`No notification of ${conversationId} came in ${timeoutMs} ms`)
          },
        )
      }
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

/** Rule: WH-3. */
function findSignatureProblems(
  { bytes, headers }: ReceivedNotification,
  clientSecret: string,
): PatternMismatch[] {
  const header = headers['x-liveperson-signature']
  if (verifyWebhook(bytes, clientSecret, header)) return []
  return [
    {
      path: '/headers/x-liveperson-signature',
      expected: 'the signature of the bytes of the body (WH-3)',
      received: JSON.stringify(header) ?? 'nothing',
    },
  ]
}

/** The schema has the fields in the order of the wire. Rule: WH-4. */
function findFormProblems({ bytes, json }: ReceivedNotification): PatternMismatch[] {
  const parsed = parseNotification(json, { mode: 'strict' })
  if (!parsed.ok)
    return parsed.problems.map(({ path, expected, received }) => ({
      path,
      expected: `${expected} (WH-4)`,
      received,
    }))
  const text = bytes.toString()
  const expected = JSON.stringify(parsed.notification)
  return text === expected ? [] : [{ path: '', expected: `${expected} (WH-4)`, received: text }]
}

/** Problems of any notification: its signature, its fields, their order, and white space. */
export const findNotificationProblems = (
  received: ReceivedNotification,
  clientSecret: string,
): PatternMismatch[] => [
  ...findSignatureProblems(received, clientSecret),
  ...findFormProblems(received),
]
