import { once } from 'node:events'
import { connect } from 'node:net'
import express from 'express'
import { createAppServer, maxWaitingCalls } from '../../../src/http/server.ts'

/** A call that waits until the gate is open. */
export const pipelinedCall = 'GET /pipelined HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'
/** The most calls that are parsed: Node parses all calls of one read, before it stops reading. */
export const maxParsed = maxWaitingCalls + Math.ceil(65_536 / pipelinedCall.length) + 1

/** A server that answers nothing before `open` is called, and counts. */
export async function startGate() {
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
    recordRefused: () => {},
    admitPage: () => true,
    endBroken: () => {},
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
