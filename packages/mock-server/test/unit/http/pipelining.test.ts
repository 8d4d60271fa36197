import { once } from 'node:events'
import { connect } from 'node:net'
import express from 'express'
import { expect, test } from 'vitest'
import { createAppServer, maxWaitingCalls } from '../../../src/http/server.ts'

const call = 'GET /pipelined HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'
const calls = 5000

/** Node parses all calls of one read, before it stops reading. */
const maxParsed = maxWaitingCalls + Math.ceil(65_536 / call.length) + 1

/** A server that answers nothing before `open` is called, and counts. */
async function startGate() {
  const counts = { parsed: 0, answered: 0, mostWaiting: 0 }
  let open = () => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  const app = express()
  app.get('/other', (_, response) => void response.json(counts.answered))
  app.get('/pipelined', async (_, response) => {
    await opened
    counts.answered += 1
    response.end()
  })
  const server = createAppServer({
    app,
    serveSend: app,
    respondToFailure: () => {},
    admitPage: () => true,
  })
  server.prependListener('request', ({ url }) => {
    if (url !== '/pipelined') return
    counts.parsed += 1
    counts.mostWaiting = Math.max(counts.mostWaiting, counts.parsed - counts.answered)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as { port: number }
  const other = async () => Number(await (await fetch(`http://127.0.0.1:${port}/other`)).text())
  return {
    counts,
    open: () => open(),
    other,
    flood: () => connect(port, '127.0.0.1').on('error', () => {}),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

test('reads no more of a connection while 100 of its calls wait, and answers all of them in the end', async () => {
  await using server = await startGate()
  const socket = server.flood()
  socket.resume()
  socket.write(call.repeat(calls))
  // Every answer is a turn of the loop, in which all that is read of the other connection is parsed.
  for (let turn = 0; turn < 50; turn += 1) expect(await server.other()).toBe(0)
  expect(server.counts.parsed).toBeGreaterThan(maxWaitingCalls)
  expect(server.counts.parsed).toBeLessThanOrEqual(maxParsed)
  server.open()
  let others = 0
  while ((await server.other()) < calls) others += 1
  expect(others).toBeGreaterThan(10)
  socket.destroy()
  expect(server.counts.answered).toBe(calls)
  expect(server.counts.mostWaiting).toBeLessThanOrEqual(maxParsed)
})

test('a connection that closes leaves no calls behind', async () => {
  await using server = await startGate()
  const socket = server.flood()
  socket.write(call.repeat(calls))
  while (server.counts.parsed <= maxWaitingCalls) await server.other()
  socket.destroy()
  server.open()
  expect(await server.other()).toBeLessThanOrEqual(maxParsed)
  expect(server.counts.parsed).toBeLessThanOrEqual(maxParsed)
})
