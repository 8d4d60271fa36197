import { expect, test } from 'vitest'
import { maxWaitingCalls } from '../../../src/http/server.ts'
import { maxParsed, pipelinedCall, startGate } from './gate.ts'

test('a connection that closes leaves no calls behind', async () => {
  await using server = await startGate()
  const socket = server.flood()
  socket.write(pipelinedCall.repeat(5000))
  while (server.counts.parsed <= maxWaitingCalls) await server.other()
  socket.destroy()
  server.open()
  expect(await server.other()).toBeLessThanOrEqual(maxParsed)
  expect(server.counts.parsed).toBeLessThanOrEqual(maxParsed)
})
