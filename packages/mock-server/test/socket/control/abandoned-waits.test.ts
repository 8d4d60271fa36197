import { createServer } from 'node:http'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createService } from '../../../src/app/create-app.ts'
import { createExpressApp } from '../../../src/app/create-express-app.ts'
import { maxWaits } from '../../../src/control/operation.ts'
import { maxFaults } from '../../../src/faults/registry.ts'

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

test('refuses a wait beside 1,000 others in words', async () => {
  const { service, post } = await startControl()
  const journal = service.journals.of('1')
  const { log } = service.webhooks.of('1')
  const limits = { count: 1, timeoutMs: 600_000 }
  const waits = Array.from({ length: maxWaits }, () => [
    journal.waitFor({}, limits),
    log.waitFor({}, limits),
  ])
  for (const path of ['requests/wait', 'webhooks/wait']) {
    const refused = await post(path, limits)
    expect([refused.status, await refused.json()]).toEqual([
      429,
      {
        title: 'Too Many Requests',
        details:
          '1000 calls wait in account 1 already: close some of them, or wait for their timeouts',
      },
    ])
  }
  journal.close()
  log.close()
  await Promise.all(waits.flat())
})

test('refuses more than 1,000 faults of an account in words', async () => {
  const { service, post } = await startControl()
  const faults = service.faults.of('1')
  for (let index = 0; index < maxFaults; index += 1) faults.add({ action: { status: 503 } })
  const refused = await post('faults', { action: { status: 503 } })
  const details =
    'An account has at most 1000 faults, used-up ones included: remove some, or all of them'
  expect([refused.status, await refused.json()]).toEqual([409, { title: 'Conflict', details }])
  expect(() => faults.add({ action: { status: 503 } })).toThrow(new RangeError(details))
  faults.remove('fault-1')
  expect((await post('faults', { action: { status: 503 } })).status).toBe(201)
})
