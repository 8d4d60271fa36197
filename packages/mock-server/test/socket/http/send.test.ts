import { SendResponseSchema, toSent } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { call, errorOf, startConsumerSession, text } from '../consumer-session.ts'

const close = (conversationId: string, id: string | number) => ({
  kind: 'req',
  id,
  type: 'cm.UpdateConversationField',
  body: {
    conversationId,
    conversationField: { field: 'ConversationStateField', conversationState: 'CLOSE' },
  },
})

test('answers the first text with sequence 0, in the documented bytes [EP-1, RES-1, RES-1a, RES-1b, RES-3]', async () => {
  await using session = await startConsumerSession()
  const answer = await session.publish(text('Hi from Send Message only - Send a line'))
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('application/json;charset=utf-8')
  expect(answer.text).toBe('{"reqId":"1","code":"OK","body":{"sequence":0}}')
  expect(toSent(SendResponseSchema).parse(answer.json)).toEqual(answer.json)
})

test('numbers texts, files and receipts in steps of 1 and keeps them in the transcript [PUB-8.1, SEQ-1, SEQ-5]', async () => {
  await using session = await startConsumerSession({ now: () => 1_700_000_000_000 })
  const file = { relativePath: '/v1/file.png', fileType: 'PNG', caption: 'a cat', preview: 'data:' }
  const events = [
    text('one'),
    { type: 'ContentEvent', contentType: 'hosted/file', message: file },
    { type: 'AcceptStatusEvent', status: 'ACCEPT', sequenceList: [0, 1] },
    text('two'),
  ]
  const sequences: unknown[] = []
  for (const event of events) sequences.push((await session.publish(event)).json)
  expect(sequences).toEqual(
    [0, 1, 2, 3].map(sequence => ({ reqId: '1', code: 'OK', body: { sequence } })),
  )
  const view = await session.server.account().conversations.get(session.conversationId)
  expect(view?.dialogs[0]?.nextSequence).toBe(4)
  expect(view?.dialogs[0]?.transcript).toEqual(
    events.map((event, sequence) => ({
      sequence,
      originatorId: expect.stringMatching(/^[0-9a-f]{64}$/),
      role: 'CONSUMER',
      serverTimestamp: 1_700_000_000_000,
      event,
      ...(sequence === 1 && { file: '/__sendbox/accounts/12345678/files/%2Fv1%2Ffile.png' }),
    })),
  )
})

test('gives 200 texts that are sent at once 200 numbers without a gap [SEQ-6]', async () => {
  await using session = await startConsumerSession()
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) => session.publish(text(`message ${index}`), index)),
  )
  const sequences = answers.map(({ json }) => SendResponseSchema.parse(json).body)
  expect(
    sequences.map(body => ('sequence' in body ? body.sequence : -1)).toSorted((a, b) => a - b),
  ).toEqual(Array.from({ length: 200 }, (_, sequence) => sequence))
  const view = await session.server.account().conversations.get(session.conversationId)
  expect(view?.dialogs[0]?.transcript.map(entry => entry.sequence)).toEqual(
    Array.from({ length: 200 }, (_, sequence) => sequence),
  )
})

test('keeps COMPOSING until another chat state arrives, and gives chat states no number [SEQ-4, CS-2]', async () => {
  await using session = await startConsumerSession({ now: () => 5 })
  const chatState = async () => {
    const url = `${session.server.url}/__sendbox/accounts/${session.accountId}/conversations/${session.conversationId}`
    const view = (await call(url)).json as {
      dialogs: { chatStates: unknown[]; nextSequence: number; transcript: unknown[] }[]
    }
    return view.dialogs[0]
  }
  const participantId = expect.stringMatching(/^[0-9a-f]{64}$/)
  const role = 'CONSUMER'
  expect(await chatState()).toMatchObject({
    chatStates: [{ participantId, role, chatState: null, since: null }],
  })
  await session.publish(text('zero'))
  const composing = await session.publish({ type: 'ChatStateEvent', chatState: 'COMPOSING' })
  expect(composing.text).toBe('{"reqId":"1","code":"OK","body":{"sequence":0}}')
  expect((await session.publish(text('one'))).json).toMatchObject({ body: { sequence: 1 } })
  expect(await chatState()).toMatchObject({
    nextSequence: 2,
    chatStates: [{ participantId, role, chatState: 'COMPOSING', since: 5 }],
  })
  const pause = await session.publish({ type: 'ChatStateEvent', chatState: 'PAUSE' })
  expect(pause.text).toBe('{"reqId":"1","code":"OK","body":{"sequence":0}}')
  expect(await chatState()).toMatchObject({
    nextSequence: 2,
    chatStates: [{ participantId, role, chatState: 'PAUSE', since: 5 }],
  })
  expect((await chatState())?.transcript).toHaveLength(2)
})

test('keeps each change of a chat state in the history of the dialog, and none in the transcript [CS-3]', async () => {
  let now = 5
  await using session = await startConsumerSession({ now: () => now })
  for (const chatState of ['COMPOSING', 'PAUSE']) {
    await session.publish({ type: 'ChatStateEvent', chatState })
    now += 1
  }
  const view = await session.server.account().conversations.get(session.conversationId)
  expect(view?.dialogs[0]?.transcript).toEqual([])
  expect(view?.dialogs[0]?.chatStateHistory).toMatchObject([
    { role: 'CONSUMER', chatState: 'COMPOSING', since: 5 },
    { role: 'CONSUMER', chatState: 'PAUSE', since: 6 },
  ])
})

test('closes a conversation, and then refuses every action on it [UPD-2, CS-1, LIF-2.1, LIF-2.2, LIF-5]', async () => {
  await using session = await startConsumerSession()
  await session.publish({ type: 'ChatStateEvent', chatState: 'COMPOSING' })
  const closed = await session.send(close(session.conversationId, 6))
  expect(closed.status).toBe(200)
  expect(closed.text).toBe(
    '{"reqId":"6","code":"OK","body":{"msg":"OK Conversation resolved successfully"}}',
  )
  const view = await session.server.account().conversations.get(session.conversationId)
  expect(view).toMatchObject({
    state: 'CLOSE',
    stage: 'CLOSE',
    dialogs: [{ state: 'CLOSE', chatStates: [{ chatState: null }] }],
  })
  const refused = errorOf(400, 40054, 'Bad Request', 'Conversation is close', '1')
  for (const event of [text('late'), { type: 'ChatStateEvent', chatState: 'ACTIVE' }]) {
    const answer = await session.publish(event)
    expect(answer.status).toBe(400)
    expect(answer.json).toEqual(refused)
  }
  const again = await session.send(close(session.conversationId, '1'))
  expect([again.status, again.json]).toEqual([400, refused])
})

test.each([
  ['"1,"', '1,', '1,'],
  ['the number 3', 3, '3'],
  ['64 characters', 'x'.repeat(64), 'x'.repeat(64)],
])('repeats %s as the reqId [REQ-2, RES-2]', async (_, id, reqId) => {
  await using session = await startConsumerSession()
  expect((await session.publish(text('hi'), id)).json).toMatchObject({ reqId })
})

test.each([
  ['an array [EP-4.1, EP-4.2]', [], 40051, 'SEND takes one request, not an array', undefined],
  [
    'another type [REQ-3.2]',
    { id: 7, type: 'ms.Foo', body: {} },
    40053,
    'Unsupported type ms.Foo',
    '7',
  ],
  [
    'a long type, which it does not repeat whole',
    { id: 7, type: 'x'.repeat(1000), body: {} },
    40053,
    `Unsupported type ${'x'.repeat(200)}…`,
    '7',
  ],
  [
    'no type [REQ-1]',
    { id: 7 },
    40052,
    '/type: expected ms.PublishEvent, cm.UpdateConversationField, userprofile.SetUserProfile, ms.GenerateURLForUploadFile or ms.GenerateURLForDownloadFile',
    '7',
  ],
  ['a text', 'hi', 40052, ': expected object', undefined],
  [
    'a kind other than req [REQ-1a]',
    { kind: 'resp', id: '7', type: 'ms.PublishEvent', body: { dialogId: 'd', event: text('x') } },
    40052,
    '/kind: expected req',
    '7',
  ],
  [
    'an empty id',
    { id: '', type: 'ms.PublishEvent', body: { dialogId: 'd', event: text('x') } },
    40052,
    '/id: expected text of 1 to 64 characters or a number',
    '',
  ],
  [
    'a misspelt chat state [PUB-7]',
    {
      id: '7',
      type: 'ms.PublishEvent',
      body: { dialogId: 'd', event: { type: 'ChatStateEvent', chatState: 'COMPOSNG' } },
    },
    40052,
    '/body/event/chatState: expected ACTIVE, INACTIVE, GONE, COMPOSING or PAUSE',
    '7',
  ],
])('refuses %s with 400 [RES-7]', async (_, body, errorCode, details, reqId) => {
  await using session = await startConsumerSession()
  const answer = await session.send(body)
  expect(answer.status).toBe(400)
  expect(answer.json).toEqual(errorOf(400, errorCode, 'Bad Request', details, reqId))
})

test('answers 404 for a conversation or dialog that is not there, or that do not belong together [LIF-4.2, LIF-6]', async () => {
  await using session = await startConsumerSession()
  const { conversationId } = session
  const other = await session.server.account().conversations.open('consumer-1')
  const bodies = [
    { dialogId: 'nowhere', event: text('x') },
    { dialogId: other.conversationId, conversationId, event: text('x') },
    { dialogId: conversationId, conversationId: 'nowhere', event: text('x') },
  ]
  const requests = [
    ...bodies.map(body => ({ id: 1, type: 'ms.PublishEvent', body })),
    close('nowhere', 1),
  ]
  for (const request of requests) {
    const answer = await session.send(request)
    expect(answer.status).toBe(404)
    expect(answer.json).toEqual(errorOf(404, 40451, 'Not Found', 'Conversation not found', '1'))
  }
})

test('takes a conversationId beside the dialogId, and an array of fields [REQ-8, PUB-1.2, UPD-1]', async () => {
  await using session = await startConsumerSession()
  const { conversationId } = session
  const body = { dialogId: conversationId, conversationId, event: text('x') }
  expect((await session.send({ id: 1, type: 'ms.PublishEvent', body })).status).toBe(200)
  const closing = close(conversationId, 1)
  const conversationField = [closing.body.conversationField]
  expect(
    (await session.send({ ...closing, body: { conversationId, conversationField } })).text,
  ).toBe('{"reqId":"1","code":"OK","body":{"msg":"OK Conversation resolved successfully"}}')
})

test('keeps unknown fields of an event and the metadata of a request [REQ-4, REQ-5]', async () => {
  await using session = await startConsumerSession()
  const event = { ...(text('x') as object), extra: { deep: [1] } }
  const metadata = [{ type: 'ExternalId', id: 'abc' }]
  await session.send({
    id: 1,
    type: 'ms.PublishEvent',
    skillId: 'beside body',
    body: { dialogId: session.conversationId, event },
    metadata,
  })
  const view = await session.server.account().conversations.get(session.conversationId)
  expect(view?.dialogs[0]?.transcript).toMatchObject([{ event, metadata }])
})
