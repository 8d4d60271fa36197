import { createServer } from 'node:http'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createService } from '../../../src/app/create-app.ts'
import { createExpressApp } from '../../../src/app/create-express-app.ts'
import { maxWaits } from '../../../src/control/operation.ts'
import { contentType, startWebhookReceiver, webhooksAt } from '../../webhook-receiver.ts'

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

/** A mock with a delivery in flight to a receiver that does not answer. */
async function startBusy() {
  const control = await startControl()
  const receiver = await startWebhookReceiver()
  onTestFinished(() => receiver.close())
  receiver.answer = 'hang'
  const { installs, webhooks } = control.service
  const capabilities = { webhooks: webhooksAt(receiver.url, { types: [contentType] }) }
  installs.replace('1', { capabilities })
  const notification = { eventType: contentType, conversationId: 'c', body: '{}' } as const
  for (const delivery of webhooks.create('1', notification)) void delivery.start()
  await vi.waitFor(() => expect(receiver.posts).toHaveLength(1), { timeout: 20_000 })
  return { ...control, own: webhooks.of('1') }
}

test('a wait for idle webhooks ends when its connection closes, and while it lasts it counts', async () => {
  const { own, post } = await startBusy()
  const caller = new AbortController()
  const waiting = post('webhooks/idle', {}, caller.signal)
  await vi.waitFor(() => expect(own.waits).toBe(1), { timeout: 20_000 })
  caller.abort()
  await expect(waiting).rejects.toThrow('aborted')
  await vi.waitFor(() => expect(own.waits).toBe(0), { timeout: 20_000 })
  const others = Array.from({ length: maxWaits }, () => own.idle())
  expect((await post('webhooks/idle', {})).status).toBe(429)
  own.stop()
  await Promise.all(others)
  const idle = await post('webhooks/idle', {})
  expect([idle.status, await idle.json()]).toEqual([200, { idle: true }])
  expect(own.waits).toBe(0)
})
