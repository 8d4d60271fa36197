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

/** Takes an account's notifications, and hands them out by conversation. */
export interface NotificationReceiver extends AsyncDisposable {
  /** Where it listens. */
  readonly url: string
  /** The next notification of a conversation; rejects where none comes in time. */
  next(conversationId: string): Promise<ReceivedNotification>
}

/** How long a notification may take, in ms. */
const longestWaitMs = 5000

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

/** Starts a receiver on loopback. */
export async function startNotificationReceiver(): Promise<NotificationReceiver> {
  const waiting = new Map<string, ReceivedNotification[]>()
  const wakers = new Set<() => void>()
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const bytes = await readBytes(request)
    const json: unknown = JSON.parse(bytes.toString())
    const conversationId = conversationIdOf(json)
    const received = { headers: request.headers, bytes, json }
    waiting.set(conversationId, [...(waiting.get(conversationId) ?? []), received])
    response.writeHead(200).end()
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
    async next(conversationId) {
      for (;;) {
        const notification = waiting.get(conversationId)?.shift()
        if (notification !== undefined) return notification
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
