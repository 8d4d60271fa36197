import { createHmac } from 'node:crypto'
import { type Notification, NotificationSchema } from '@sendbox/schema'
import { verifyWebhook } from '@sendbox/schema/signature'
import { expect, test } from 'vitest'
import type { SettingsInput } from '../../../src/index.ts'
import { startWebhookReceiver, webhooksAt } from '../../webhook-receiver.ts'
import { startConsumerSession, text } from '../consumer-session.ts'

const nowMs = 1_654_764_159_542
const skillId = '3801636938'
const ttrMs = 600_000

/** Starts a consumer with a conversation of a skill, and a receiver of all webhooks. */
async function startSession(settings: SettingsInput = {}, request: object = { skillId }) {
  const session = await startConsumerSession({ now: () => nowMs, settings })
  const receiver = await startWebhookReceiver()
  const account = session.server.account()
  account.clock.freeze()
  account.webhooks.register(webhooksAt(receiver.url))
  await session.close()
  const opened = await session.sendBatch([
    { kind: 'req', id: '1', type: 'userprofile.SetUserProfile', body: {} },
    {
      kind: 'req',
      id: '2',
      type: 'cm.ConsumerRequestConversation',
      body: { brandId: session.accountId, ...request },
    },
  ])
  const [, answer] = opened.json as [unknown, { body: { conversationId: string } }]
  const { conversationId } = answer.body
  return {
    session,
    receiver,
    account,
    conversationId,
    manager: account.agent(conversationId, 'manager-1'),
    agent: account.agent(conversationId, 'agent-1'),
    say: (message: string) =>
      session.send({
        id: '1',
        type: 'ms.PublishEvent',
        body: { dialogId: conversationId, event: text(message) },
      }),
    /** The last notification of a changed conversation. */
    async changed() {
      await account.webhooks.idle()
      const bodies = receiver.bodies.map(body => NotificationSchema.parse(body))
      const last = bodies.findLast(({ type }) => type === 'cqm.ExConversationChangeNotification')
      return last as unknown as ChangedConversation
    },
    async [Symbol.asyncDispose]() {
      await session[Symbol.asyncDispose]()
      await receiver.close()
    },
  }
}

interface ChangedConversation {
  readonly body: {
    readonly sentTs?: number
    readonly changes: readonly [
      {
        readonly result: {
          readonly effectiveTTR?: number
          readonly conversationDetails: Readonly<Record<string, unknown>>
        }
      },
    ]
  }
}

test('tells of a conversation that a manager has answered and an agent joins as production does [WH-4.1, WH-8]', async () => {
  await using world = await startSession()
  const { account, manager, agent, say, conversationId } = world
  await say('first question')
  await manager.join('MANAGER')
  await manager.say('hello')
  await account.clock.advance(1000)
  await agent.join()
  const consumerId = expect.stringMatching(/^[0-9a-f]{64}$/)
  const people = {
    consumer: { id: consumerId, role: 'CONSUMER' },
    manager: { id: 'manager-1', role: 'MANAGER' },
    agent: { id: 'agent-1', role: 'ASSIGNED_AGENT' },
  }
  const changed = await world.changed()
  expect(changed).toEqual({
    kind: 'notification',
    body: {
      sentTs: nowMs + 1000,
      changes: [
        {
          type: 'UPSERT',
          result: {
            convId: conversationId,
            effectiveTTR: -1,
            conversationDetails: {
              skillId,
              participants: [people.agent, people.consumer, people.manager],
              dialogs: [
                {
                  dialogId: conversationId,
                  participantsDetails: [
                    { ...people.consumer, state: 'ACTIVE' },
                    { ...people.manager, state: 'ACTIVE' },
                    { ...people.agent, state: 'ACTIVE' },
                  ],
                  dialogType: 'MAIN',
                  channelType: 'MESSAGING',
                  metaData: { appInstallId: 'sendbox-client' },
                  state: 'OPEN',
                  creationTs: nowMs,
                  metaDataLastUpdateTs: nowMs + 1000,
                },
              ],
              brandId: '12345678',
              state: 'OPEN',
              stage: 'OPEN',
              startTs: nowMs,
              metaDataLastUpdateTs: nowMs + 1000,
              ttr: { ttrType: 'PRIORITIZED', value: 600 },
              conversationHandlerDetails: { accountId: '12345678', skillId },
            },
          },
        },
      ],
    },
    type: 'cqm.ExConversationChangeNotification',
  })
  expect(Object.keys(changed.body)).toEqual(['sentTs', 'changes'])
  const { conversationDetails } = changed.body.changes[0].result
  expect(Object.keys(conversationDetails).at(-1)).toBe('conversationHandlerDetails')
})

test('names no handler where the conversation has no skill [WH-4.1]', async () => {
  await using world = await startSession({}, {})
  const { conversationDetails } = (await world.changed()).body.changes[0].result
  expect(conversationDetails).toMatchObject({ skillId: '-1' })
  expect(conversationDetails).not.toHaveProperty('conversationHandlerDetails')
})

test('the newest other participant comes first, then the consumer, then the rest [WH-4.2]', async () => {
  await using world = await startSession()
  const orderOf = async () => {
    const { conversationDetails } = (await world.changed()).body.changes[0].result
    return (conversationDetails['participants'] as { role: string }[]).map(({ role }) => role)
  }
  expect(await orderOf()).toEqual(['CONSUMER'])
  await world.account.agent(world.conversationId, 'controller').join('CONTROLLER')
  expect(await orderOf()).toEqual(['CONTROLLER', 'CONSUMER'])
  await world.manager.join('MANAGER')
  await world.agent.join('ASSIGNED_AGENT')
  expect(await orderOf()).toEqual(['ASSIGNED_AGENT', 'CONSUMER', 'MANAGER', 'CONTROLLER'])
})

/** One act, and the effectiveTTR in the next notification, in ms after the opening; −1 for none. */
type Deadline = readonly [string, (world: World) => Promise<unknown>, number]
type World = Awaited<ReturnType<typeof startSession>>

const deadlines: readonly Deadline[] = [
  ['nothing', async () => undefined, ttrMs],
  ['a text of the consumer', ({ say }) => say('a'), 1000 + ttrMs],
  [
    'two texts',
    async ({ say, account }) => {
      await say('a')
      await account.clock.advance(500)
      await say('b')
    },
    1500 + ttrMs,
  ],
  ['the greeting of an agent', ({ agent }) => agent.say('hello'), -1],
  [
    'the answer of a manager',
    async ({ say, manager }) => {
      await say('a')
      await manager.join('MANAGER')
      await manager.sendCard()
    },
    -1,
  ],
  [
    'an answer and one more question',
    async ({ say, agent, account }) => {
      await say('a')
      await agent.sendFile()
      await account.clock.advance(500)
      await say('b')
    },
    1500 + ttrMs,
  ],
  [
    'a private note',
    async ({ say, agent }) => {
      await say('a')
      await agent.say('note', { messageAudience: 'AGENTS_AND_MANAGERS' })
    },
    1000 + ttrMs,
  ],
  [
    'a text of the controller',
    async ({ say, account, conversationId }) => {
      await say('a')
      const controller = account.agent(conversationId, 'controller')
      await controller.join('CONTROLLER')
      await controller.say('please wait')
    },
    1000 + ttrMs,
  ],
  [
    'receipts and chat states',
    async ({ say, agent, session, conversationId, account }) => {
      await say('a')
      await account.clock.advance(500)
      await agent.read()
      await agent.type()
      const event = { type: 'ChatStateEvent', chatState: 'COMPOSING' }
      await session.send({
        id: '1',
        type: 'ms.PublishEvent',
        body: { dialogId: conversationId, event },
      })
    },
    1000 + ttrMs,
  ],
  [
    'a new time to respond',
    async ({ say, session, conversationId }) => {
      await say('a')
      const field = { field: 'TTRField', ttrType: 'CUSTOM', value: 60 }
      await session.send({
        id: '1',
        type: 'cm.UpdateConversationField',
        body: { conversationId, conversationField: field },
      })
    },
    61_000,
  ],
  [
    'a secure form that the consumer submits',
    ({ agent }) => agent.sendSecureForm({ formId: '1', title: 'Form', submit: true }),
    1000 + ttrMs,
  ],
]

test.each(deadlines)(
  'after %s the agent is to answer by that time [WH-8, WH-8a]',
  async (_, act, expected) => {
    await using world = await startSession()
    await world.account.clock.advance(1000)
    await act(world)
    await world.account.agent(world.conversationId, 'reader').join('READER')
    const { effectiveTTR } = (await world.changed()).body.changes[0].result
    expect(effectiveTTR).toBe(expected === -1 ? -1 : nowMs + expected)
  },
)

test('a message alone sends no notification of the conversation, though its deadline moves [WH-8a]', async () => {
  await using world = await startSession()
  await world.account.webhooks.idle()
  const before = world.receiver.posts.length
  await world.say('a')
  await world.account.webhooks.idle()
  const types = world.receiver.bodies.slice(before).map(body => (body as Notification).type)
  expect(types).toEqual(['ms.MessagingEventNotification'])
})

test('no agent is to answer a closed conversation [WH-8]', async () => {
  await using world = await startSession()
  await world.say('a')
  await world.agent.close()
  expect((await world.changed()).body.changes[0].result.effectiveTTR).toBe(-1)
})

test('the form of 2018 lacks conversationId, skill, dialogs, stage, deadline and time [WH-4.1]', async () => {
  await using world = await startSession({ webhooks: { form: '2018' } })
  await world.say('hi')
  await world.agent.join()
  await world.agent.type()
  const changed = await world.changed()
  expect(changed).toEqual({
    kind: 'notification',
    body: {
      changes: [
        {
          type: 'UPSERT',
          result: {
            convId: world.conversationId,
            conversationDetails: {
              participants: [
                { id: 'agent-1', role: 'ASSIGNED_AGENT' },
                { id: expect.any(String), role: 'CONSUMER' },
              ],
              brandId: '12345678',
              state: 'OPEN',
              startTs: nowMs,
              metaDataLastUpdateTs: nowMs,
              ttr: { ttrType: 'PRIORITIZED', value: 600 },
            },
          },
        },
      ],
    },
    type: 'cqm.ExConversationChangeNotification',
  })
  const messages = world.receiver.bodies
    .map(body => body as Notification)
    .filter(({ type }) => type === 'ms.MessagingEventNotification')
  expect(messages).toHaveLength(2)
  for (const { body } of messages) {
    expect(body.changes[0]).toMatchObject({ dialogId: world.conversationId })
    expect(body.changes[0]).not.toHaveProperty('conversationId')
  }
})

test.each([
  ['sha1', 'base64'],
  ['sha1', 'hex'],
  ['sha256', 'base64'],
  ['sha256', 'hex'],
] as const)(
  'signs with %s in %s as the settings say [WH-3]',
  async (signature, signatureEncoding) => {
    await using world = await startSession({ webhooks: { signature, signatureEncoding } })
    await world.account.webhooks.idle()
    const [post] = world.receiver.posts
    const digest = createHmac(signature, 'sendbox-secret')
      .update(post?.body ?? '')
      .digest(signatureEncoding)
    const header = post?.headers['x-liveperson-signature']
    expect(header).toBe(`${signature}=${digest}`)
    expect(verifyWebhook(post?.body ?? '', 'sendbox-secret', header)).toBe(true)
  },
)
