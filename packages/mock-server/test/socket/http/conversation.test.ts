import { ConversationBatchResponseSchema, toSent } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { errorOf, startConsumerSession, text } from '../consumer-session.ts'

const profile = { kind: 'req', id: '1,', type: 'userprofile.SetUserProfile', body: {} }
const opening = {
  kind: 'req',
  id: '2,',
  type: 'cm.ConsumerRequestConversation',
  body: { brandId: '12345678' },
}
const firstMessage = { kind: 'req', id: 3, type: 'ms.PublishEvent', body: { event: text('first') } }

const allowSecond = { secondConversation: 'allow' } as const

test('opens a conversation and answers each request of the batch in its order [EP-2, RES-1a, RES-4, LIF-7]', async () => {
  await using session = await startConsumerSession({ now: () => 42, settings: allowSecond })
  const answer = await session.sendBatch([profile, opening])
  const opened = ConversationBatchResponseSchema.parse(answer.json)[1]?.body
  const uuid = opened && 'conversationId' in opened ? opened.conversationId : ''
  expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(answer.status).toBe(200)
  expect(answer.text).toBe(
    `[{"code":"OK","body":{"msg":"OK User Profile set successfully"},"reqId":"1,"},{"code":"OK","body":{"conversationId":"${uuid}"},"reqId":"2,"}]`,
  )
  expect(toSent(ConversationBatchResponseSchema).parse(answer.json)).toEqual(answer.json)
  const participants = [{ id: expect.stringMatching(/^[0-9a-f]{64}$/), role: 'CONSUMER' }] as const
  expect(await session.server.account().conversations.get(uuid)).toEqual({
    conversationId: uuid,
    consumer: 'consumer-1',
    consumerId: participants[0].id,
    state: 'OPEN',
    stage: 'OPEN',
    openedAt: 42,
    skillId: '-1',
    ttr: { ttrType: 'PRIORITIZED', value: 600 },
    effectiveTTR: 600_042,
    features: [],
    participants,
    unread: 0,
    dropped: 0,
    links: {
      requests: `/__sendbox/accounts/12345678/requests?conversationId=${uuid}`,
      deliveries: `/__sendbox/accounts/12345678/webhooks?conversationId=${uuid}`,
    },
    dialogs: [
      {
        dialogId: uuid,
        dialogType: 'MAIN',
        state: 'OPEN',
        openedAt: 42,
        participants,
        nextSequence: 0,
        chatStates: [
          {
            participantId: expect.stringMatching(/^[0-9a-f]{64}$/),
            role: 'CONSUMER',
            chatState: null,
            since: null,
          },
        ],
        chatStateHistory: [],
        transcript: [],
      },
    ],
  })
})

test('publishes a first message of the batch into the new conversation, in any order [CON-2, CON-2a]', async () => {
  await using session = await startConsumerSession({ settings: allowSecond })
  for (const batch of [
    [profile, opening, firstMessage],
    [firstMessage, opening, profile],
  ]) {
    const answer = await session.sendBatch(batch)
    const answers = ConversationBatchResponseSchema.parse(answer.json)
    expect(answers.map(({ reqId }) => reqId)).toEqual(batch.map(({ id }) => String(id)))
    expect(answers.find(({ reqId }) => reqId === '3')?.body).toEqual({ sequence: 0 })
    const opened = answers.find(({ reqId }) => reqId === '2,')?.body as { conversationId: string }
    const view = await session.server.account().conversations.get(opened.conversationId)
    expect(view?.dialogs[0]?.transcript).toMatchObject([{ sequence: 0, event: text('first') }])
  }
})

const with40052 = (details: string, reqId: string) =>
  errorOf(400, 40052, 'Bad Request', details, reqId)

test.each([
  [
    'one object',
    opening,
    errorOf(400, 40059, 'Bad Request', 'Batch needs at least two requests', '2,'),
  ],
  [
    'one request',
    [opening],
    errorOf(400, 40059, 'Bad Request', 'Batch needs at least two requests'),
  ],
  [
    'another type',
    [profile, { ...opening, type: 'cm.Foo' }],
    errorOf(400, 40053, 'Bad Request', 'Unsupported type cm.Foo', '2,'),
  ],
  [
    'a skill that is no number',
    [profile, { ...opening, body: { brandId: '12345678', skillId: 'sales' } }],
    with40052('/1/body/skillId: expected up to 10 digits or "-1"', '2,'),
  ],
  [
    'a batch without a profile',
    [opening, firstMessage],
    with40052(': expected userprofile.SetUserProfile exactly once', '2,'),
  ],
  [
    'two conversations at once',
    [profile, opening, { ...opening, id: '9' }],
    with40052('/2/type: expected cm.ConsumerRequestConversation exactly once', '9'),
  ],
  [
    'another account as brandId [CON-3]',
    [profile, { ...opening, body: { brandId: '1' } }],
    errorOf(400, 40060, 'Bad Request', 'brandId is not the account of the path', '2,'),
  ],
  [
    'no brandId',
    [profile, { ...opening, body: {} }],
    errorOf(400, 40001, 'Missing parameter', 'Brand Id is missing'),
  ],
])('refuses %s as a whole [CON-5]', async (_, batch, expected) => {
  await using session = await startConsumerSession()
  const answer = await session.sendBatch(batch)
  expect([answer.status, answer.json]).toEqual([400, expected])
  expect(await session.server.account().conversations.list()).toHaveLength(1)
})

test('refuses a second conversation of a consumer who has an open one [CON-4.1, CON-4.2]', async () => {
  await using session = await startConsumerSession()
  const answer = await session.sendBatch([profile, opening, firstMessage])
  const details = 'Consumer already has an open conversation'
  expect([answer.status, answer.json]).toEqual([
    400,
    errorOf(400, 40057, 'Bad Request', details, '2,'),
  ])
  const first = await session.server.account().conversations.get(session.conversationId)
  expect(first?.dialogs[0]?.transcript).toEqual([])
})

test('reuses the open conversation where the setting says so, first message included [CON-4.2]', async () => {
  await using session = await startConsumerSession({ settings: { secondConversation: 'reuse' } })
  const answer = await session.sendBatch([profile, opening, firstMessage])
  const bodies = ConversationBatchResponseSchema.parse(answer.json).map(({ body }) => body)
  expect(bodies.slice(1)).toEqual([{ conversationId: session.conversationId }, { sequence: 0 }])
  const first = await session.server.account().conversations.get(session.conversationId)
  expect(first?.dialogs[0]?.transcript).toMatchObject([{ event: text('first') }])
})

test('opens another conversation where the setting allows it [CON-4.2]', async () => {
  await using session = await startConsumerSession({ settings: allowSecond })
  const answer = await session.sendBatch([profile, opening, firstMessage])
  expect(answer.status).toBe(200)
  const views = await session.server.account().conversations.list()
  expect(views.map(({ dialogs }) => dialogs[0]?.nextSequence)).toEqual([1, 0])
})

test('opens the next conversation once the first is closed', async () => {
  await using session = await startConsumerSession()
  await session.close()
  expect((await session.sendBatch([profile, opening])).status).toBe(200)
})

test('lets only one of two conversations that are asked for at once be opened [CON-4.1]', async () => {
  await using session = await startConsumerSession()
  await session.close()
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => session.sendBatch([profile, opening])),
  )
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(9).fill(400)])
})

test('reads skill and time to respond of the new conversation [CON-1, LIF-7a]', async () => {
  await using session = await startConsumerSession({ settings: allowSecond })
  const body = { brandId: '12345678', skillId: '42', ttrDefName: 'URGENT' }
  const answer = await session.sendBatch([profile, { ...opening, body }])
  const opened = ConversationBatchResponseSchema.parse(answer.json)[1]?.body as {
    conversationId: string
  }
  expect(await session.server.account().conversations.get(opened.conversationId)).toMatchObject({
    skillId: '42',
    ttr: { ttrType: 'URGENT', value: 300 },
  })
})
