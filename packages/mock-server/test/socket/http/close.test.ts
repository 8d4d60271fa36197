import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startConsumerSession, text } from '../consumer-session.ts'

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
async function sendHalf(): Promise<{ socket: Socket; rest: string; close: () => Promise<void> }> {
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

test('answers the call in flight before it closes', async () => {
  const { socket, rest, close } = await sendHalf()
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  const closed = close()
  // Not `end`: Node's server drops a call whose client half-closes before the answer.
  socket.write(rest)
  await Promise.all([closed, once(socket, 'close')])
  const answer = Buffer.concat(chunks).toString()
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  expect(answer).toContain('{"reqId":"1","code":"OK","body":{"sequence":0}}')
})

test('cuts a call that is still unfinished after five seconds', async () => {
  const { socket, close } = await sendHalf()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const closed = close()
  vi.advanceTimersByTime(4999)
  expect(socket.destroyed).toBe(false)
  const cut = once(socket, 'close')
  vi.advanceTimersByTime(1)
  await Promise.all([closed, cut])
  expect(socket.destroyed).toBe(true)
})

test('does not wait for a connection that nothing came over', async () => {
  const session = await startConsumerSession()
  const { port } = new URL(session.server.url)
  const socket = connect(Number(port), '127.0.0.1')
  await once(socket, 'connect')
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  await Promise.all([once(socket, 'close'), session.server.close()])
  expect(vi.getTimerCount()).toBe(0)
})

test('names no time after which an idle connection ends, as it ends none', async () => {
  await using session = await startConsumerSession()
  const answer = await fetch(`${session.server.url}/__sendbox/health`)
  expect(answer.headers.get('connection')).toBe('keep-alive')
  expect(answer.headers.get('keep-alive')).toBeNull()
})
