import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { connect, type Socket } from 'node:net'
import { startConsumerSession, text } from './consumer-session.ts'

/** Resolves when a server of this process has read the head of a call on a port: until then its connection counts as idle. */
const requestOn = (port: number): Promise<void> =>
  new Promise(resolve => {
    const onStart = (message: unknown) => {
      if ((message as { socket: Socket }).socket.localPort !== port) return
      unsubscribe('http.server.request.start', onStart)
      resolve()
    }
    subscribe('http.server.request.start', onStart)
  })

/** A socket on which the head of a SEND call and the first half of its body have been sent. */
export async function sendHalf(): Promise<{
  socket: Socket
  rest: string
  close: () => Promise<void>
}> {
  const session = await startConsumerSession()
  const body = JSON.stringify({
    id: 1,
    type: 'ms.PublishEvent',
    body: { dialogId: session.conversationId, event: text('in flight') },
  })
  const { pathname, search, host, port } = new URL(session.sendUrl)
  const headers = { ...session.headers, Host: host, 'Content-Length': body.length }
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const arrived = requestOn(Number(port))
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(`POST ${pathname}${search} HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n`)
  socket.write(body.slice(0, 10))
  await arrived
  return { socket, rest: body.slice(10), close: () => session.server.close() }
}
