import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startMockServer } from '../../../src/index.ts'
import { webhooksAt } from '../../webhook-receiver.ts'
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

test('leaves no connection to an endpoint of a webhook open', async () => {
  // It would stay open for ten minutes.
  const endpoint = createServer((_, response) =>
    response.writeHead(200, { 'Keep-Alive': 'timeout=600' }).end(),
  )
  endpoint.keepAliveTimeout = 0
  endpoint.listen(0, '127.0.0.1')
  onTestFinished(() => {
    endpoint.closeAllConnections()
    endpoint.close()
  })
  await once(endpoint, 'listening')
  const connected = once(endpoint, 'connection') as Promise<[Socket]>
  const server = await startMockServer()
  const account = server.account()
  const { port } = endpoint.address() as AddressInfo
  account.webhooks.register(webhooksAt(`http://127.0.0.1:${port}/`))
  await account.conversations.open('zoe')
  await account.webhooks.idle()
  const [socket] = await connected
  expect(socket.destroyed).toBe(false)
  const ended = once(socket, 'close')
  await server.close()
  await ended
})
