import { ConversationBatchSchema, SendRequestSchema } from '@sendbox/schema'
import { expect, test, vi } from 'vitest'
import { startConsumerSession, text } from '../consumer-session.ts'

test('does not validate the payload of a call that is refused by token, version or rate [RES-9]', async () => {
  await using session = await startConsumerSession({
    settings: { limits: { requestsPerSecond: 4 } },
    now: () => 1_700_000_000_000,
  })
  using sends = vi.spyOn(SendRequestSchema, 'safeParse')
  using batches = vi.spyOn(ConversationBatchSchema, 'safeParse')
  const request = { id: 'abc', type: 'ms.PublishEvent', body: { dialogId: 1, event: text('x') } }
  const post = async (url: string, headers: object) => {
    const body = JSON.stringify(url.includes('/send') ? request : [request, request])
    const init = { method: 'POST', headers: { ...session.headers, ...headers }, body }
    const response = await fetch(url, init)
    return [response.status, ((await response.json()) as { reqId?: string }).reqId]
  }
  expect(await post(session.sendUrl, { Authorization: 'broken' })).toEqual([401, undefined])
  expect(await post(session.batchUrl, { 'X-LP-ON-BEHALF': 'broken' })).toEqual([401, undefined])
  expect(await post(session.sendUrl.replace('v=3', 'v=2'), {})).toEqual([404, 'abc'])
  expect(await post(session.batchUrl.replace('v=3', 'v=2'), {})).toEqual([404, undefined])
  expect(await post(session.sendUrl, {})).toEqual([429, 'abc'])
  expect(await post(session.batchUrl, {})).toEqual([429, undefined])
  expect([sends, batches].map(({ mock }) => mock.calls.length)).toEqual([0, 0])
  await session.server.reset()
  await session.send(request)
  await session.sendBatch([request, request])
  expect([sends, batches].map(({ mock }) => mock.calls.length)).toEqual([1, 1])
})
