import type { MessagingEventChange } from '@sendbox/schema'
import { documentedExamples, fixtures } from '@sendbox/schema/fixtures'
import { expect, test } from 'vitest'
import { createWebhookHandler, type WebhookHandlerOptions } from '../../../src/index.ts'
import {
  agent,
  changed,
  chatState,
  consumer,
  deliver,
  install,
  notify,
  numbered,
  secret,
} from '../../webhooks/deliveries.ts'
import { createWebhookRecorder } from '../../webhooks/recorder.ts'

test.each(documentedExamples.filter(({ schema }) => schema === 'Notification'))(
  '$name is taken [WH-4.1]',
  async ({ value }) => {
    await using webhooks = createWebhookRecorder()

    expect(await webhooks.receive(deliver(value))).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json;charset=utf-8' },
      body: '{"outcome":"received"}',
    })
    webhooks.timers.advance(1000)
    await webhooks.idle()
    expect(webhooks.log).toHaveLength(1)
  },
)

test('each kind goes to its own handler, with the whole change and whose it is', async () => {
  const calls: unknown[] = []
  const noteAs =
    (kind: string) =>
    (...parts: unknown[]): void =>
      void calls.push([kind, ...parts])
  await using webhooks = createWebhookRecorder({
    on: {
      ContentEvent: noteAs('content'),
      RichContentEvent: noteAs('card'),
      AcceptStatusEvent: noteAs('receipt'),
      ChatStateEvent: noteAs('state'),
      ExConversationChangeNotification: noteAs('conversation'),
    },
  })
  const notifications = [
    numbered(0),
    notify({ type: 'RichContentEvent', content: { type: 'vertical' } }, { sequence: 1 }),
    notify({ type: 'AcceptStatusEvent', status: 'READ', sequenceList: [0] }, { sequence: 2 }),
    chatState('COMPOSING'),
    changed(fixtures.ConversationDetails.fullest()),
  ]

  for (const notification of notifications) await webhooks.receive(deliver(notification))
  await webhooks.idle()

  const kinds = ['content', 'card', 'receipt', 'state', 'conversation']
  expect(calls).toEqual(
    notifications.map(({ body }, index) => [
      kinds[index],
      body.changes[0],
      { ...install, isLate: false },
    ]),
  )
})

test('a kind without a handler is taken, and counts for the order', async () => {
  const handled: (number | undefined)[] = []
  await using webhooks = createWebhookRecorder({
    on: { ContentEvent: ({ sequence }) => handled.push(sequence) },
  })

  await webhooks.receive(deliver(numbered(2)))
  await webhooks.receive(
    deliver(
      notify({ type: 'AcceptStatusEvent', status: 'READ', sequenceList: [0] }, { sequence: 1 }),
    ),
  )
  await webhooks.receive(deliver(numbered(0)))
  await webhooks.idle()

  expect(handled).toEqual([0, 2])
  expect(webhooks.refusals).toEqual([])
})

test('events of consumers are handed on unless they are to be skipped [WH-6]', async () => {
  await using webhooks = createWebhookRecorder()

  await webhooks.receive(deliver(numbered(0, { originatorMetadata: consumer })))
  await webhooks.idle()

  expect(webhooks.log).toEqual(['0'])
})

test('events of consumers are skipped on demand, and still count for the order [WH-6]', async () => {
  await using webhooks = createWebhookRecorder({ skipConsumerEvents: true })

  await webhooks.receive(deliver(numbered(1)))
  await webhooks.receive(deliver(numbered(0, { originatorMetadata: consumer })))
  await webhooks.receive(deliver(chatState('COMPOSING', { originatorMetadata: consumer })))
  await webhooks.idle()

  expect(webhooks.log).toEqual(['1'])
})

test('a delivery that comes again is answered alike and handed on once', async () => {
  await using webhooks = createWebhookRecorder()
  const details = fixtures.ConversationDetails.fullest()
  const deliveries = [
    numbered(0),
    numbered(0, { dialogId: 'survey-1' }),
    numbered(0, { conversationId: 'conv-2' }),
    numbered(0, { conversationId: 'conv-2', dialogId: 'conv-1' }),
    changed(details),
    changed({ ...details, metaDataLastUpdateTs: details.metaDataLastUpdateTs + 1 }),
    notify({ type: 'ContentEvent', message: 'no number', contentType: 'text/plain' }),
  ].map(notification => deliver(notification))

  const answers = []
  for (const delivery of [...deliveries, ...deliveries])
    answers.push(await webhooks.receive(delivery))
  await webhooks.idle()

  expect(new Set(answers.map(({ status, body }) => `${status} ${body}`))).toEqual(
    new Set(['200 {"outcome":"received"}']),
  )
  expect(webhooks.log.toSorted()).toEqual(['0', '0', '0', '0', 'CLOSE', 'CLOSE', 'no number'])
})

test('a numbered event is known by its number, whatever its bytes are [SEQ-1]', async () => {
  await using webhooks = createWebhookRecorder()

  await webhooks.receive(deliver(numbered(0)))
  await webhooks.receive(deliver(JSON.stringify(numbered(0), null, 2)))
  await webhooks.idle()

  expect(webhooks.log).toEqual(['0'])
})

test('a chat state is a duplicate only of the last one of its participant and dialog [CS-2]', async () => {
  await using webhooks = createWebhookRecorder()
  const other = { originatorMetadata: { id: 'agent-2', role: 'AGENT' } } as const

  await webhooks.receive(deliver(chatState('COMPOSING')))
  await webhooks.receive(deliver(chatState('COMPOSING')))
  await webhooks.receive(deliver(chatState('COMPOSING', other)))
  await webhooks.receive(deliver(chatState('COMPOSING', { dialogId: 'survey-1' })))
  await webhooks.receive(deliver(chatState('ACTIVE')))
  await webhooks.receive(deliver(chatState('COMPOSING')))
  await webhooks.idle()

  expect(webhooks.log).toEqual(['COMPOSING', 'COMPOSING', 'COMPOSING', 'ACTIVE', 'COMPOSING'])
})

test('only so many events are remembered', async () => {
  await using webhooks = createWebhookRecorder({ maxRemembered: 2 })

  for (const sequence of [0, 1, 2, 1, 0]) await webhooks.receive(deliver(numbered(sequence)))
  await webhooks.idle()

  expect(webhooks.log).toEqual(['0', '1', '2', 'late 0'])
})

test('only so many conversations are remembered: one that was forgotten starts anew', async () => {
  await using webhooks = createWebhookRecorder({ maxRemembered: 1 })
  const inOther = { conversationId: 'conv-2' }

  await webhooks.receive(deliver(numbered(0)))
  await webhooks.receive(deliver(numbered(0, inOther)))
  await webhooks.idle()
  await webhooks.receive(deliver(numbered(1, inOther)))
  await webhooks.idle()
  await webhooks.receive(deliver(numbered(1)))
  expect(webhooks.timers.waiting()).toBe(1)
  webhooks.timers.advance(1000)
  await webhooks.idle()

  expect(webhooks.log).toEqual(['0', '0', '1', '1'])
})

test('a conversation with an event that waits is not forgotten', async () => {
  await using webhooks = createWebhookRecorder({ maxRemembered: 1 })

  await webhooks.receive(deliver(numbered(1)))
  await webhooks.receive(deliver(numbered(0, { conversationId: 'conv-2' })))
  await webhooks.receive(deliver(numbered(0)))
  await webhooks.idle()

  expect(webhooks.log).toEqual(['0', '0', '1'])
})

test('numbers that do not come are told, and handed on as late ones when they do [SEQ-1]', async () => {
  await using webhooks = createWebhookRecorder({ reorderWithinMs: 300 })

  await webhooks.receive(deliver(numbered(0)))
  await webhooks.receive(deliver(numbered(3)))
  webhooks.timers.advance(300)
  await webhooks.receive(deliver(numbered(2)))
  await webhooks.idle()

  expect(webhooks.log).toEqual(['0', '3', 'late 2'])
  expect(webhooks.gaps).toEqual([
    { ...install, conversationId: 'conv-1', dialogId: 'conv-1', missing: { from: 1, to: 2 } },
  ])
})

test('with a secret for each install, events with the same numbers are not duplicates', async () => {
  await using webhooks = createWebhookRecorder({ clientSecret: () => secret })

  await webhooks.receive(deliver(numbered(0)))
  await webhooks.receive(deliver(numbered(0), { clientId: 'client-2' }))
  await webhooks.idle()

  expect(webhooks.log).toEqual(['0', '0'])
})

test('with one secret for all, a copy under other headers is a duplicate', async () => {
  await using webhooks = createWebhookRecorder()

  await webhooks.receive(deliver(numbered(0)))
  await webhooks.receive(deliver(numbered(0), { clientId: 'client-2' }))
  await webhooks.idle()

  expect(webhooks.log).toEqual(['0'])
})

test('handlers know the type of what they are given', () => {
  const on: WebhookHandlerOptions['on'] = {
    ContentEvent: change => {
      const { event } = change
      const text: string =
        event.contentType === 'text/plain'
          ? event.message
          : event.contentType === 'hosted/file'
            ? event.message.relativePath
            : 'another content'
      const whole: MessagingEventChange = change
      // @ts-expect-error a text has no chat state
      void change.event.chatState
      return [text, whole]
    },
    // @ts-expect-error no such kind
    ContentEvnt: () => undefined,
  }
  expect(Object.keys(on)).toEqual(['ContentEvent', 'ContentEvnt'])
  expect(agent.role).toBe('ASSIGNED_AGENT')
})

test.each([
  [{ clientSecret: '' }, new TypeError('clientSecret must be a non-empty string')],
  [{ onError: undefined }, new TypeError('onError must be a function')],
  [{ onError: 'log' }, new TypeError('onError must be a function')],
  [{ onUnknown: {} }, new TypeError('onUnknown must be a function')],
  [{ on: [] }, new TypeError('on must be an object of handlers')],
  [{ acknowledge: 'later' }, new TypeError("acknowledge must be 'received' or 'handled'")],
  [{ algorithms: ['md5'] }, new TypeError("algorithms must be a list of 'sha1' and 'sha256'")],
  [{ algorithms: [] }, new TypeError("algorithms must be a list of 'sha1' and 'sha256'")],
  [{ skipConsumerEvents: 'yes' }, new TypeError('skipConsumerEvents must be a boolean')],
  [
    { ifInvalid: 'ignore' },
    new TypeError("ifInvalid must be 'refuse' or 'drop', and is without effect"),
  ],
  [{ maxPending: '7' }, new TypeError('maxPending must be a number')],
  [
    { onUnknwn: () => undefined },
    new TypeError('onUnknwn is no option of a webhook handler: did you mean "onUnknown"?'),
  ],
  [{ on: { ContentEvent: 'log' } }, new TypeError('on.ContentEvent must be a function')],
  [
    { on: { ContentEvnt: () => undefined } },
    new TypeError(
      'on.ContentEvnt is no kind of event: use ContentEvent, RichContentEvent, AcceptStatusEvent, ChatStateEvent, ExConversationChangeNotification, PrivateNote',
    ),
  ],
  [
    { reorderWithinMs: -1 },
    new RangeError('reorderWithinMs must be an integer of 0 or more, received -1'),
  ],
  [
    { handlerTimeoutMs: 0 },
    new RangeError('handlerTimeoutMs must be an integer of 1 or more, received 0'),
  ],
  [
    { maxRemembered: 0 },
    new RangeError('maxRemembered must be an integer of 1 or more, received 0'),
  ],
  [
    { maxPending: Number.NaN },
    new RangeError('maxPending must be an integer of 1 or more, received NaN'),
  ],
  [
    { maxBodyBytes: 0.5 },
    new RangeError('maxBodyBytes must be an integer of 1 or more, received 0.5'),
  ],
])('%o is refused at once', (options, error) => {
  const valid = { clientSecret: secret, on: {}, onError: () => undefined }
  expect(() =>
    createWebhookHandler({ ...valid, ...options } as unknown as WebhookHandlerOptions),
  ).toThrow(error)
})
