import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startConsumerSession } from '../consumer-session.ts'
import { sendHalf } from '../half-sent-call.ts'

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
