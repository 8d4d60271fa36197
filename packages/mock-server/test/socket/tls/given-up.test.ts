import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startMockServer } from '../../../src/index.ts'
import { createOwnCertificate } from '../../certificates.ts'

/** The beginning of a hello, of which the rest never comes. */
const hello = Buffer.from([0x16, 3, 1, 2, 0, 1])

const reset = (socket: Socket) => void socket.resetAndDestroy()
const end = (socket: Socket) => void socket.end()

test.each([
  ['is reset within a hello', hello, reset],
  ['ends within a hello', hello, end],
  ['ends without a byte', Buffer.alloc(0), end],
])('nothing is left of a connection that %s', async (_, bytes, giveUp) => {
  const server = await startMockServer({ tls: await createOwnCertificate() })
  const { port } = new URL(server.url)
  for (let count = 0; count < 5; count += 1) {
    const socket = connect(Number(port), '127.0.0.1').on('error', () => {})
    await once(socket, 'connect')
    socket.write(bytes)
    const closed = once(socket, 'close')
    giveUp(socket)
    // The mock ends its half as well.
    await closed
  }
  const deadlines = vi.spyOn(AbortSignal, 'timeout')
  onTestFinished(() => deadlines.mockRestore())
  await server.close()
  expect(deadlines.mock.results.map(({ value }) => value.aborted)).toEqual([false])
})
