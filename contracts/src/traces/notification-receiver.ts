import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer as readBytes } from 'node:stream/consumers'
import { z } from 'zod'

/** A notification as it came in. */
export interface ReceivedNotification {
  readonly headers: IncomingMessage['headers']
  readonly bytes: Buffer
  readonly json: unknown
}

/** A notification that waits for its answer. */
interface WaitingNotification extends ReceivedNotification {
  readonly response: ServerResponse
}

/** Takes an account's notifications, and hands them out by conversation; each is answered once it is handed out. */
export interface NotificationReceiver extends AsyncDisposable {
  /** Where it listens. */
  readonly url: string
  /** The next notification of a conversation, answered with a status (200 by default); rejects where none comes in time. */
  next(conversationId: string, status?: number): Promise<ReceivedNotification>
}

const ChangeSchema = z.looseObject({
  conversationId: z.string().optional(),
  result: z.looseObject({ convId: z.string() }).optional(),
})
const NotificationSchema = z.looseObject({
  body: z.looseObject({ changes: z.tuple([ChangeSchema]) }),
})

/** Rule: WH-4. */
const conversationIdOf = (notification: unknown): string => {
  const [change] = NotificationSchema.parse(notification).body.changes
  return change.conversationId ?? change.result?.convId ?? ''
}

/** How a receiver waits. */
export interface NotificationReceiverOptions {
  /** How long a notification may take, in ms of wall time. @default 5000 */
  readonly longestWaitMs?: number | undefined
}

/** Starts a receiver on loopback. */
export async function startNotificationReceiver({
  longestWaitMs = 5000,
}: NotificationReceiverOptions = {}): Promise<NotificationReceiver> {
  const waiting = new Map<string, WaitingNotification[]>()
  const wakers = new Set<() => void>()
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const bytes = await readBytes(request)
    const json: unknown = JSON.parse(bytes.toString())
    const conversationId = conversationIdOf(json)
    const received = { headers: request.headers, bytes, json, response }
    waiting.set(conversationId, [...(waiting.get(conversationId) ?? []), received])
    for (const wake of wakers) wake()
  }
  const server = createServer((request, response) => {
    take(request, response).catch((error: unknown) => {
      response.writeHead(400).end(String(error))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  const waitForMore = (conversationId: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        wakers.delete(wake)
        reject(new Error(`No notification of ${conversationId} came in ${longestWaitMs} ms`))
      }, longestWaitMs)
      const wake = () => {
        clearTimeout(timer)
        wakers.delete(wake)
        resolve()
      }
      wakers.add(wake)
    })

  return {
    url: `http://127.0.0.1:${port}/`,
    async next(conversationId, status = 200) {
      for (;;) {
        const { response, ...notification } = waiting.get(conversationId)?.shift() ?? {}
        if (response !== undefined) {
          response.writeHead(status).end()
          return notification as ReceivedNotification
        }
        await waitForMore(conversationId)
      }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
