import { expect, expectTypeOf, test } from 'vitest'
import type {
  FileFault,
  FileProblem,
  FileRefusedError,
  WebhookAnswer,
  WebhookResponse,
} from '../../src/index.ts'
import { chatState, deliver } from '../webhooks/deliveries.ts'
import { createWebhookRecorder } from '../webhooks/recorder.ts'
import { alice, createTestClient, rejectionOf, textRequest } from './create-test-client.ts'
import { startStubService } from './start-stub-service.ts'

test.each(['send', 'sendText', 'sendFile', 'openConversation'])(
  '%s retries what may be processed twice with mayActTwice, as with retryNonIdempotent',
  async name => {
    for (const option of [{ mayActTwice: true }, { retryNonIdempotent: true }]) {
      await using service = await startStubService()
      await using client = createTestClient(service)
      const conversation = client.conversation('c', alice)
      const calls: Readonly<Record<string, () => Promise<unknown>>> = {
        send: () => client.send(textRequest, { ...alice, ...option }),
        sendText: () => conversation.sendText('Hello', option),
        sendFile: () => conversation.sendFile(Buffer.from('x'), { fileType: 'PNG', ...option }),
        openConversation: () => client.consumer('alice').openConversation(option),
      }
      let failures = 1
      service.answer(({ url, body }) => {
        const isNonIdempotent = body.includes('ms.PublishEvent') || url.includes('/conversation?')
        return isNonIdempotent && failures-- > 0 ? { status: 503 } : undefined
      })

      await calls[name]?.()

      expect(failures).toBeLessThan(0)
    }
  },
)

test('the new name decides where both are given', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  service.answer(({ url }) => (url.includes('/send') ? { status: 503 } : undefined))
  const options = { ...alice, retryNonIdempotent: false, mayActTwice: true }

  expect(await rejectionOf(client.send(textRequest, options))).toHaveProperty('attempts', 1)
})

test('maxAnswerBytes is maxResponseBytes', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service, { maxAnswerBytes: 2_000 })
  service.answer(({ url }) =>
    url.includes('/send') ? { status: 200, body: 'x'.repeat(2_001) } : undefined,
  )

  expect(await rejectionOf(client.send(textRequest, alice))).toHaveProperty(
    'message',
    expect.stringContaining('the body has more than 2000 bytes, the limit of maxResponseBytes'),
  )
})

test('checks.answers is checks.responses', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service, { checks: { answers: 'off' } })
  service.answer(({ url }) =>
    url.includes('/send') ? { status: 200, body: { reqId: 7 } } : undefined,
  )

  expect(await client.send(textRequest, alice)).toEqual({ reqId: 7 })
})

test('the fault of a file error is its problem', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)

  const error = await rejectionOf(client.conversation('c', alice).sendFile('no-such-file.png'))

  expect((error as FileRefusedError).fault).toBe('unreadable')
  expect((error as FileRefusedError).problem).toBe('unreadable')
  expectTypeOf<FileFault>().toEqualTypeOf<FileProblem>()
})

test('answerWithinMs is handlerTimeoutMs', async () => {
  await using webhooks = createWebhookRecorder({
    acknowledge: 'handled',
    answerWithinMs: 2_000,
    on: { ChatStateEvent: () => new Promise(resolve => setTimeout(resolve, 50)) },
  })
  const answer: Promise<WebhookAnswer> = webhooks.receive(deliver(chatState('COMPOSING')))
  await expect.poll(() => webhooks.timers.waiting()).toBe(1)

  webhooks.timers.advance(1_999)
  expect(webhooks.timers.waiting()).toBe(1)
  webhooks.timers.advance(1)

  expect(await answer).toHaveProperty('status', 503)
  expectTypeOf<WebhookAnswer>().toEqualTypeOf<WebhookResponse>()
})
