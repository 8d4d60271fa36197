import type { Request } from 'express'
import { expect, test } from 'vitest'
import { createService } from '../../../src/app/create-app.ts'
import type { Call } from '../../../src/http/call.ts'
import { handleCall } from '../../../src/http/pipeline.ts'
import { parseSettings } from '../../../src/settings.ts'

const accountId = '1'

const call = {
  operationId: 'send',
  accountId,
  request: {
    method: 'POST',
    originalUrl: '/send?v=3',
    rawHeaders: ['Authorization', 'secret', 'X-Own', 'value'],
    get: () => undefined,
  } as unknown as Request<Record<string, string>>,
  bytes: { ok: true, value: new Uint8Array() },
  json: { ok: true, value: { id: '7' }, text: '{"id":"7"}' },
  subject: { types: [], events: [], reqId: '7', reqIds: ['7'] },
  settings: parseSettings({}),
  receivedAt: 5,
} satisfies Call

test('a call is processed and recorded without a response to write to', async () => {
  const services = createService({})
  const handled = await handleCall(
    call,
    async () => ({ status: 200, body: { a: 1 }, rules: ['EP-1'], facts: { consumerId: 'zoe' } }),
    services,
  )
  expect(handled?.content).toBe('{"a":1}')
  expect(handled?.outcome).toMatchObject({ delivery: 'whole', response: { status: 200 } })
  expect(services.journals.of(accountId).list()).toMatchObject([
    {
      id: 1,
      time: 5,
      operation: 'send',
      headers: { authorization: expect.not.stringContaining('secret'), 'x-own': '<redacted>' },
      body: { id: '7' },
      reqId: '7',
      consumerId: 'zoe',
      status: 200,
      rules: ['EP-1'],
      answer: { body: { a: 1 } },
    },
  ])
})

test('each recorded call is published, with the account that it came for', async () => {
  const services = createService({})
  const published: unknown[] = []
  const unsubscribe = services.updates.subscribe('call', ({ accountId: id, record }) => {
    published.push([id, record.id])
  })
  const handler = async () => ({ status: 200 })
  await handleCall(call, handler, services)
  unsubscribe()
  await handleCall(call, handler, services)
  expect(published).toEqual([[accountId, 1]])
})
