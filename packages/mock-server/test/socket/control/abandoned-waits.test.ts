import { createServer } from 'node:http'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createService } from '../../../src/app/create-app.ts'
import { createExpressApp } from '../../../src/app/create-express-app.ts'

async function startControl() {
  const service = createService({})
  const server = createServer(createExpressApp(service, {}))
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  })
  const { port } = server.address() as { port: number }
  const post = (path: string, body: object, signal?: AbortSignal) =>
    fetch(`http://127.0.0.1:${port}/__sendbox/accounts/1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...(signal && { signal }),
    })
  return { service, post }
}

test('a wait ends when its connection closes, of requests and of deliveries', async () => {
  const { service, post } = await startControl()
  const waits = () => [service.journals.of('1').waits, service.webhooks.of('1').log.waits]
  const caller = new AbortController()
  const limits = { count: 1, timeoutMs: 600_000 }
  const waiting = ['requests/wait', 'webhooks/wait'].map(path => post(path, limits, caller.signal))
  await vi.waitFor(() => expect(waits()).toEqual([1, 1]))
  caller.abort()
  expect((await Promise.allSettled(waiting)).map(({ status }) => status)).toEqual([
    'rejected',
    'rejected',
  ])
  await vi.waitFor(() => expect(waits()).toEqual([0, 0]))
})
