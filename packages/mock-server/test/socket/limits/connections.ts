import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, vi } from 'vitest'
import { createService } from '../../../src/app/create-app.ts'
import { createExpressApp } from '../../../src/app/create-express-app.ts'
import { createClientErrorHandler } from '../../../src/http/client-error.ts'
import { createAppServer } from '../../../src/http/server.ts'
import { createApp, startMockServer } from '../../../src/index.ts'
import { silentLogger } from '../../../src/logger.ts'
import type { LimitCheck } from '../../limits-table.ts'
import { maxParsed, pipelinedCall, startGate } from '../../unit/http/gate.ts'
import { call } from '../consumer-session.ts'
import { sendHalf } from '../half-sent-call.ts'
import { readRawAnswer } from '../raw-call.ts'

/** The server of a mock, not listening. */
const createOwnServer = () =>
  createAppServer({
    app: createExpressApp(createService({}), {}),
    recordRefused: () => {},
    admitPage: () => true,
    serveSend: () => {},
    respondToFailure: () => {},
    endBroken: createClientErrorHandler(silentLogger, () => {}),
  })

/** The response of a server with this time-out to a client that never ends its call. */
async function stall(name: 'headersTimeout' | 'requestTimeout', bytes: string) {
  const failures: Error[] = []
  const app = createApp({ reportError: error => failures.push(error) })
  const timeouts = { headersTimeout: 50, requestTimeout: 50, connectionsCheckingInterval: 10 }
  const server = createServer(timeouts, app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.write(bytes)
  const { text, end } = await readRawAnswer(socket)
  server.closeAllConnections()
  await once(server.close(), 'close')
  return {
    seconds: createOwnServer()[name] / 1000,
    status: /HTTP\/1\.1 (\d+)/.exec(text)?.[1],
    end,
    failures,
  }
}

export const connectionLimits: Readonly<Record<string, LimitCheck>> = {
  async 'time for the headers of a request'({ numbers: [maximum = 0], beyond }) {
    const stalled = await stall('headersTimeout', 'POST / HTTP/1.1\r\nHost: a\r\nX-A')
    expect(stalled).toEqual({
      seconds: maximum,
      status: beyond.slice(0, 3),
      end: 'FIN',
      failures: [],
    })
  },

  async 'time for a whole request'({ numbers: [maximum = 0], beyond }) {
    const head = 'POST /api/account/1/consumer HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{'
    const stalled = await stall('requestTimeout', head)
    expect(stalled).toEqual({
      seconds: maximum,
      status: beyond.slice(0, 3),
      end: 'FIN',
      failures: [],
    })
  },

  async 'calls in flight when the mock is closed'({ numbers: [maximum = 0] }) {
    const { socket, close } = await sendHalf()
    const deadline = new AbortController()
    using timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(deadline.signal)
    const closed = close()
    await vi.waitFor(() => expect(timeout.mock.calls).toEqual([[maximum * 1000]]))
    await new Promise(setImmediate)
    expect(socket.destroyed).toBe(false)
    const cut = once(socket, 'close')
    deadline.abort()
    await Promise.all([closed, cut])
  },

  async 'pipelined calls that wait on a connection'({ numbers: [maximum = 0] }) {
    const calls = 2000
    await using server = await startGate()
    const socket = server.flood()
    socket.resume()
    socket.write(pipelinedCall.repeat(calls))
    // Every answer is a turn of the loop, in which all that is read of the other connection is parsed.
    for (let turn = 0; turn < 50; turn += 1) expect(await server.other()).toBe(0)
    expect(server.counts.parsed).toBeGreaterThan(maximum)
    expect(server.counts.parsed).toBeLessThanOrEqual(maxParsed)
    server.open()
    let others = 0
    while ((await server.other()) < calls) others += 1
    expect(others).toBeGreaterThan(10)
    socket.destroy()
    expect(server.counts.answered).toBe(calls)
    expect(server.counts.mostWaiting).toBeLessThanOrEqual(maxParsed)
  },

  async 'an idle connection'() {
    expect(createOwnServer().keepAliveTimeout).toBe(0)
    const server = await startMockServer()
    const { headers } = await call(`${server.url}/__sendbox/health`)
    // It names no time after which it ends the connection.
    expect([headers.get('connection'), headers.get('keep-alive')]).toEqual(['keep-alive', null])
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    await once(socket, 'connect')
    await Promise.all([once(socket, 'close'), server.close()])
    expect(socket.destroyed).toBe(true)
  },
}
