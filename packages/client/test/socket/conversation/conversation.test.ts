import { expect, test } from 'vitest'
import type { Conversation } from '../../../src/index.ts'
import { alice, createTestClient, rejectionOf } from '../create-test-client.ts'
import { type StubService, startStubService } from '../start-stub-service.ts'

const sendsTo = (service: StubService): { type: string; body: unknown; metadata?: unknown }[] =>
  service.requestsTo('/send').map(({ body }) => JSON.parse(body))

const receipt = (status: string) => ({
  dialogId: 'c',
  event: { type: 'AcceptStatusEvent', status, sequenceList: [1, 2] },
})
const text = { type: 'ContentEvent', contentType: 'text/plain', message: 'Hi' }
const closeOf = (conversationField: unknown) => ({ conversationId: 'c', conversationField })
const rating = { field: 'CSATRate', csatRate: 5, csatResolutionConfirmation: true }

test.each<
  [
    name: string,
    rule: string,
    act: (conversation: Conversation) => Promise<unknown>,
    type: string,
    body: unknown,
  ]
>([
  [
    'sendText',
    'PUB-1.1',
    it => it.sendText('Hi'),
    'ms.PublishEvent',
    { dialogId: 'c', event: text },
  ],
  [
    'setChatState',
    'PUB-7',
    it => it.setChatState('GONE'),
    'ms.PublishEvent',
    { dialogId: 'c', event: { type: 'ChatStateEvent', chatState: 'GONE' } },
  ],
  ['accept', 'PUB-8.1', it => it.accept([1, 2]), 'ms.PublishEvent', receipt('ACCEPT')],
  ['read', 'PUB-8.1', it => it.read([1, 2]), 'ms.PublishEvent', receipt('READ')],
  ['access', 'PUB-8.1', it => it.access([1, 2]), 'ms.PublishEvent', receipt('ACCESS')],
  ['nack', 'PUB-8.1', it => it.nack([1, 2]), 'ms.PublishEvent', receipt('NACK')],
  [
    'publish to another dialog',
    'PUB-1.2',
    it => it.publish({ type: 'RichContentEvent', content: { type: 'text' } }, { dialogId: 'd' }),
    'ms.PublishEvent',
    {
      dialogId: 'd',
      conversationId: 'c',
      event: { type: 'RichContentEvent', content: { type: 'text' } },
    },
  ],
  [
    'answerSurvey',
    'LIF-4.1',
    it => it.answerSurvey('survey', 'Hi'),
    'ms.PublishEvent',
    { dialogId: 'survey', conversationId: 'c', event: text },
  ],
  [
    'setProfile',
    'PRO-1',
    it => it.setProfile({ firstName: 'Zoe' }),
    'userprofile.SetUserProfile',
    { firstName: 'Zoe' },
  ],
  [
    'rate',
    'UPD-5',
    it => it.rate({ csatRate: 5, csatResolutionConfirmation: true }),
    'cm.UpdateConversationField',
    closeOf({ ...rating, status: 'FILLED' }),
  ],
  [
    'rate in part',
    'UPD-5',
    it => it.rate({ csatRate: 5, csatResolutionConfirmation: true, status: 'PARTIALLY_FILLED' }),
    'cm.UpdateConversationField',
    closeOf({ ...rating, status: 'PARTIALLY_FILLED' }),
  ],
  [
    'close',
    'UPD-2',
    it => it.close(),
    'cm.UpdateConversationField',
    closeOf({ field: 'ConversationStateField', conversationState: 'CLOSE' }),
  ],
  [
    'close by Stage',
    'UPD-4',
    it => it.close({ field: 'Stage' }),
    'cm.UpdateConversationField',
    closeOf({ field: 'Stage', conversationState: 'CLOSE' }),
  ],
  [
    'close of the main dialog',
    'UPD-3',
    it => it.close({ field: 'DialogChange' }),
    'cm.UpdateConversationField',
    closeOf({ field: 'DialogChange', type: 'UPDATE', dialog: { dialogId: 'c', state: 'CLOSE' } }),
  ],
  [
    'close of the survey',
    'UPD-3',
    it => it.close({ field: 'DialogChange', dialogId: 'survey', closedCause: 'done' }),
    'cm.UpdateConversationField',
    closeOf({
      field: 'DialogChange',
      type: 'UPDATE',
      dialog: { dialogId: 'survey', state: 'CLOSE', closedCause: 'done' },
    }),
  ],
])('%s sends what the protocol says, once [%s]', async (_, _rule, act, type, body) => {
  await using service = await startStubService()
  await using client = createTestClient(service)

  await act(client.conversation('c', alice))

  expect(sendsTo(service)).toEqual([{ kind: 'req', id: '1', type, body }])
})

test('metadata goes with every event [REQ-5]', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const conversation = client.conversation('c', alice)
  const metadata = [{ type: 'ExternalId', id: 'e-1' }] as const

  await conversation.sendText('Hi', { metadata: [...metadata] })
  await conversation.accept([1], { metadata: { type: 'BotResponse', intent: 'x' } })

  expect(sendsTo(service).map(request => request.metadata)).toEqual([
    metadata,
    { type: 'BotResponse', intent: 'x' },
  ])
})

test('a reply to a card is two calls with the metadata of the button, and gives the number of its text [PUB-10]', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const metadata = [{ type: 'ExternalId', id: 'button' }]

  const sent = await client
    .conversation('c', alice)
    .replyToCard({ sequence: 7, text: 'Hi', metadata })

  expect(sent).toEqual({ sequence: 1 })
  const publish = (id: string, event: unknown) => ({
    kind: 'req',
    id,
    type: 'ms.PublishEvent',
    body: { dialogId: 'c', event },
    metadata,
  })
  expect(sendsTo(service)).toEqual([
    publish('1', { type: 'AcceptStatusEvent', status: 'ACTION', sequenceList: [7] }),
    publish('2', text),
  ])
})

test('a reply to a card whose text fails says which of its calls it was', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  service.answer(({ body }) => (body.includes('text/plain') ? { status: 400 } : undefined))
  const reply = { sequence: 7, text: 'Hi', metadata: { type: 'X' } }

  expect(await rejectionOf(client.conversation('c', alice).replyToCard(reply))).toMatchObject({
    message:
      'Sending the text of a card reply failed: POST /api/account/{accountId}/messaging/consumer/conversation/send answered 400. Correct the request: a repeat gives the same answer.',
  })
})

test('a reply to a card that is invalid sends neither of its calls', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const reply = { sequence: 7, text: 5 as never, metadata: { type: 'X' } }

  expect(await rejectionOf(client.conversation('c', alice).replyToCard(reply))).toMatchObject({
    code: 'INVALID_REQUEST',
  })
  expect(service.requests).toHaveLength(0)
})

const chatStatesOf = (service: StubService): unknown[] =>
  sendsTo(service).map(({ body }) => {
    const { event } = body as { event: { chatState?: string; message?: string } }
    return event.chatState ?? event.message
  })

test('typing shows the consumer as composing while the work runs, and gives its result [CS-2]', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const conversation = client.conversation('c', alice)

  const result = await conversation.typing(() => conversation.sendText('Hi'))

  expect(result).toEqual({ sequence: 0 })
  expect(chatStatesOf(service)).toEqual(['COMPOSING', 'Hi', 'ACTIVE'])
})

test.each([
  ['throws', () => Promise.reject(new Error('no luck'))],
  [
    'throws at once',
    () => {
      throw new Error('no luck')
    },
  ],
])('typing ends COMPOSING where the work %s, also after its signal is aborted', async (_, work) => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const controller = new AbortController()

  const typing = client.conversation('c', alice).typing(
    () => {
      controller.abort()
      return work()
    },
    { signal: controller.signal },
  )

  await expect(typing).rejects.toThrow('no luck')
  expect(chatStatesOf(service)).toEqual(['COMPOSING', 'ACTIVE'])
})

test('typing rejects with the error of its work, also where the end of COMPOSING fails', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  service.answer(({ body }) => (body.includes('"ACTIVE"') ? { status: 400 } : undefined))
  const conversation = client.conversation('c', alice)

  await expect(conversation.typing(() => Promise.reject(new Error('no luck')))).rejects.toThrow(
    'no luck',
  )
  expect(await rejectionOf(conversation.typing(() => 'done'))).toHaveProperty('status', 400)
})

test('the end of COMPOSING is repeated where its answer is lost', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const answers = [{ cut: 'before' }] as const
  const left = [...answers]
  service.answer(({ body }) => (body.includes('ACTIVE') ? left.shift() : undefined))

  expect(await client.conversation('c', alice).typing(() => 'done')).toBe('done')
  expect(chatStatesOf(service)).toEqual(['COMPOSING', 'ACTIVE', 'ACTIVE'])
})

test('COMPOSING is ended also where the calls of the work fill the line of the conversation', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service, { maxWaiting: 1 })
  const conversation = client.conversation('c', alice)
  const sends: Promise<unknown>[] = []

  await conversation.typing(() => {
    sends.push(conversation.sendText('1'), conversation.sendText('2'))
  })

  await Promise.all(sends)
  expect(chatStatesOf(service)).toEqual(['COMPOSING', '1', '2', 'ACTIVE'])
})

test('typing whose beginning is refused does no work, and one that is lost is ended', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const conversation = client.conversation('c', alice)
  let runs = 0
  const work = () => {
    runs += 1
  }
  service.answer(({ body }) => (body.includes('COMPOSING') ? { status: 400 } : undefined))
  expect(await rejectionOf(conversation.typing(work))).toHaveProperty('status', 400)
  expect(chatStatesOf(service)).toEqual(['COMPOSING'])

  service.answer(({ body }) => (body.includes('COMPOSING') ? { cut: 'before' } : undefined))
  expect(await rejectionOf(conversation.typing(work))).toHaveProperty('outcomeUnknown', true)

  expect(chatStatesOf(service)).toEqual(['COMPOSING', 'COMPOSING', 'ACTIVE'])
  expect(runs).toBe(0)
})

test('a profile goes first in the batch of a new conversation, or by a call of its own [CON-2]', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const consumer = client.consumer('alice')

  await consumer.openConversation({
    profile: { firstName: 'Zoe' },
    skillId: '7',
    timeoutMs: 99_999,
  })
  await consumer.setProfile({ lastName: 'Doe' })

  const [batch] = service.requestsTo('/conversation').map(({ body }) => JSON.parse(body))
  expect(batch).toMatchObject([
    { type: 'userprofile.SetUserProfile', body: { firstName: 'Zoe' } },
    { type: 'cm.ConsumerRequestConversation' },
  ])
  expect(batch[1].body).toEqual({ brandId: '12345678', skillId: '7' })
  expect(sendsTo(service)).toMatchObject([
    { type: 'userprofile.SetUserProfile', body: { lastName: 'Doe' } },
  ])
})

test('Client-Properties go with SEND and CONVERSATION, in ASCII [REQ-6.1]', async () => {
  await using service = await startStubService()
  const clientProperties = { type: '.ClientProperties', features: ['MULTI_DIALOG'], name: 'Zoë' }
  await using client = createTestClient(service, {
    clientProperties: clientProperties as never,
  })

  const conversation = await client.consumer('alice').openConversation()
  await conversation.sendText('Hi')

  const sent = service.requests.map(({ headers }) => headers['Client-Properties'])
  expect(sent.slice(0, 3)).toEqual([undefined, undefined, undefined])
  expect(sent.slice(3)).toEqual(
    Array.from(
      { length: 2 },
      () => '{"type":".ClientProperties","features":["MULTI_DIALOG"],"name":"Zo\\u00eb"}',
    ),
  )
  expect(JSON.parse(sent[3] ?? '')).toEqual(clientProperties)
})
