import { type Notification, NotificationSchema } from '@sendbox/schema'
import { expect, test } from 'vitest'
import type { BotRuleInput } from '../../../src/handle/to-script.ts'
import type { SettingsInput } from '../../../src/index.ts'
import { startWebhookReceiver, webhooksAt } from '../../webhook-receiver.ts'
import { call, startConsumerSession, text } from '../consumer-session.ts'

/** Starts a session whose app registers all webhooks, or those of `types`. */
async function startSession(settings: SettingsInput = {}) {
  const session = await startConsumerSession({ now: () => 1000, settings })
  const receiver = await startWebhookReceiver()
  const account = session.server.account()
  account.webhooks.register(webhooksAt(receiver.url))
  const { conversationId, accountId } = session
  const path = `accounts/${accountId}/conversations/${conversationId}/agent`
  return {
    session,
    receiver,
    account,
    conversationId,
    agent: account.agent(conversationId),
    act: (action: unknown) =>
      call(`${session.server.url}/__sendbox/${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(action),
      }),
    /** The changes of the messages that the receiver got. */
    async changes() {
      await account.webhooks.idle()
      return receiver.bodies
        .map(body => body as Notification)
        .filter(({ type }) => type === 'ms.MessagingEventNotification')
        .flatMap(({ body: { changes } }) => changes as readonly Record<string, unknown>[])
    },
    async [Symbol.asyncDispose]() {
      await session[Symbol.asyncDispose]()
      await receiver.close()
    },
  }
}

const metadata = [
  { type: 'ExternalId', id: 'x' },
  { type: 'BusinessEvent', any: [1] },
]
const quickReplies = { type: 'quickReplies', itemsPerRow: 2 }

test.each([
  { action: 'say', text: 'do not refund' },
  { action: 'sendFile' },
  { action: 'sendCard' },
])('$action can be a private note, and says so whatever the settings are [WH-4a]', async action => {
  for (const messageAudience of [true, false]) {
    await using world = await startSession({ webhooks: { messageAudience } })
    const note = await world.act({ ...action, messageAudience: 'AGENTS_AND_MANAGERS' })
    const message = await world.act(action)
    expect([note.json, message.json]).toEqual([{ sequence: 0 }, { sequence: 1 }])
    const audiences = (await world.changes()).map(change => change['messageAudience'])
    expect(audiences).toEqual(['AGENTS_AND_MANAGERS', messageAudience ? 'ALL' : undefined])
    const view = await world.account.conversations.get(world.conversationId)
    expect(view?.dialogs[0]?.transcript.map(entry => entry.messageAudience)).toEqual([
      'AGENTS_AND_MANAGERS',
      undefined,
    ])
  }
})

test.each([{ action: 'say', text: 'hello' }, { action: 'sendFile' }, { action: 'sendCard' }])(
  'repeats metadata and quick replies of $action in its notification [WH-4c]',
  async action => {
    await using world = await startSession()
    await world.act({ ...action, metadata, quickReplies })
    const [change] = await world.changes()
    expect(change).toMatchObject({ metadata, event: { quickReplies } })
    expect(() => NotificationSchema.parse(world.receiver.bodies.at(-1))).not.toThrow()
  },
)

test('repeats the metadata of a message of an agent, never that of a text of the consumer [WH-4c, PUB-10]', async () => {
  await using world = await startSession()
  const { session, agent, conversationId: dialogId } = world
  await session.send({
    id: '1',
    type: 'ms.PublishEvent',
    body: { dialogId, event: text('hi') },
    metadata,
  })
  await agent.say('hello', { metadata })
  expect((await world.changes()).map(change => change['metadata'])).toEqual([undefined, metadata])
})

test('invites the consumer to a secure form, which the consumer submits [PUB-2a.1, PUB-2a.2]', async () => {
  await using world = await startSession()
  const { agent } = world
  expect(await agent.sendSecureForm({ formId: '17', title: 'Payment details' })).toBe(0)
  const form = { formId: '18', title: 'Address', submit: true }
  expect(await agent.sendSecureForm(form)).toBe(1)
  expect(await agent.say('Thank you')).toBe(3)
  const changes = await world.changes()
  const id = expect.stringMatching(/^[0-9a-f-]{36}$/)
  expect(
    changes.map(({ originatorMetadata, event }) => [
      (originatorMetadata as { role: string }).role,
      event,
    ]),
  ).toEqual([
    [
      'ASSIGNED_AGENT',
      {
        type: 'ContentEvent',
        message: { formId: '17', title: 'Payment details', invitationId: id },
        contentType: 'forms/secure-invitation',
      },
    ],
    ['ASSIGNED_AGENT', expect.objectContaining({ contentType: 'forms/secure-invitation' })],
    [
      'CONSUMER',
      {
        type: 'ContentEvent',
        message: { formId: '18', title: 'Address', invitationId: id, submissionId: id },
        contentType: 'forms/secure-submission',
      },
    ],
    ['ASSIGNED_AGENT', expect.objectContaining({ message: 'Thank you' })],
  ])
  const [first, second, submitted] = changes.map(
    ({ event }) => (event as { message: { invitationId?: string } }).message.invitationId,
  )
  expect(submitted).toBe(second)
  expect(first).not.toBe(second)
})

test('publishes a file that another host has [PUB-2a.1]', async () => {
  await using world = await startSession()
  const file = { url: 'https://files.example.invalid/a.png', fileType: 'PNG' }
  expect((await world.act({ action: 'sendExternalFile', ...file })).json).toEqual({ sequence: 0 })
  expect(await world.changes()).toMatchObject([
    { event: { type: 'ContentEvent', message: file, contentType: 'external/file' } },
  ])
})

test('keeps such content in a snapshot [PUB-2a.1]', async () => {
  await using world = await startSession()
  const { agent, account, conversationId } = world
  await agent.sendSecureForm({ formId: '17', title: 'Payment details', submit: true })
  await agent.sendExternalFile({ url: 'https://files.example.invalid/a.png', fileType: 'PNG' })
  await agent.say('note', { messageAudience: 'AGENTS_AND_MANAGERS', metadata })
  await agent.openCoBrowse()
  const before = await account.conversations.get(conversationId)
  const snapshot = await account.snapshot()
  await account.reset()
  await account.restore(JSON.parse(JSON.stringify(snapshot)))
  expect(await account.conversations.get(conversationId)).toEqual(before)
})

test('closes with a cause and a reason [WH-4.1]', async () => {
  await using world = await startSession()
  const { account, receiver, agent } = world
  await agent.close({ closedCause: 'Closed by system', closeReason: 'TIMEOUT' })
  await account.webhooks.idle()
  expect(receiver.bodies.at(-1)).toMatchObject({
    body: {
      changes: [
        {
          result: {
            conversationDetails: {
              closeReason: 'TIMEOUT',
              dialogs: [{ closedBy: 'AGENT', closedCause: 'Closed by system' }],
            },
          },
        },
      ],
    },
  })
})

test('opens and closes a dialog for a CoBrowse session, which takes no events [WH-4.1]', async () => {
  await using world = await startSession({ survey: true })
  const { account, conversationId, agent, session } = world
  await agent.openCoBrowse()
  await agent.openCoBrowse()
  const dialogs = async () => (await account.conversations.get(conversationId))?.dialogs ?? []
  const [, coBrowse] = await dialogs()
  expect((await dialogs()).map(({ dialogType, state }) => [dialogType, state])).toEqual([
    ['MAIN', 'OPEN'],
    ['CoBrowse', 'OPEN'],
  ])
  await account.webhooks.idle()
  expect(world.receiver.bodies.at(-1)).toMatchObject({
    body: {
      changes: [
        {
          result: {
            conversationDetails: {
              state: 'OPEN',
              dialogs: [
                { dialogType: 'MAIN', channelType: 'MESSAGING' },
                { dialogType: 'CoBrowse', channelType: 'COBROWSE', state: 'OPEN' },
              ],
            },
          },
        },
      ],
    },
  })
  expect(await agent.say('in the main dialog')).toBe(0)
  const body = { dialogId: coBrowse?.dialogId, event: text('hi') }
  const refused = await session.send({ id: '1', type: 'ms.PublishEvent', body })
  expect([refused.status, refused.json]).toMatchObject([400, { body: { errorCode: 40055 } }])
  await agent.closeCoBrowse()
  await expect(agent.closeCoBrowse()).rejects.toThrow('40054')
  expect((await dialogs()).map(({ state }) => state)).toEqual(['OPEN', 'CLOSE'])
  expect(await account.conversations.get(conversationId)).toMatchObject({ stage: 'OPEN' })
})

test.each([
  ['close', { action: 'close' }, 'CLOSE', ['CLOSE', 'CLOSE']],
  ['startSurvey', { action: 'startSurvey' }, 'OPEN', ['CLOSE', 'CLOSE', 'OPEN']],
] as const)(
  'ends a CoBrowse session with the main dialog on %s [WH-4.1]',
  async (_, action, stage, states) => {
    await using world = await startSession()
    await world.agent.openCoBrowse()
    expect((await world.act(action)).status).toBe(200)
    const view = await world.account.conversations.get(world.conversationId)
    expect([view?.stage, view?.dialogs.map(({ state }) => state)]).toEqual([stage, states])
  },
)

test('sends raw changes as given, without a change of state [WH-4.1]', async () => {
  await using world = await startSession()
  const { account, conversationId, agent, receiver } = world
  const before = await account.conversations.get(conversationId)
  const changes = [{ event: { type: 'SomeFutureEvent' }, conversationId }, 7, null]
  await agent.raw({ changes })
  expect((await world.act({ action: 'raw', type: 'some.Future', changes: [] })).json).toEqual({})
  const conversation = { type: 'DELETE', result: { convId: conversationId } }
  await agent.raw({ type: 'cqm.ExConversationChangeNotification', changes: [conversation] })
  await account.webhooks.idle()
  expect(receiver.bodies).toEqual([
    { kind: 'notification', body: { changes }, type: 'ms.MessagingEventNotification' },
    { kind: 'notification', body: { changes: [] }, type: 'some.Future' },
    {
      kind: 'notification',
      body: { sentTs: 1000, changes: [conversation] },
      type: 'cqm.ExConversationChangeNotification',
    },
  ])
  expect(await account.conversations.get(conversationId)).toEqual(before)
  const nowhere = account.agent('nowhere')
  await expect(nowhere.raw({ changes })).rejects.toThrow('40451 Conversation not found')
})

test.each([
  [{ event: { type: 'ChatStateEvent' } }, 'ms.MessagingEventNotification.ChatStateEvent'],
  [{ event: { type: 'Unknown' } }, 'ms.MessagingEventNotification.ContentEvent'],
  ['no object', 'ms.MessagingEventNotification.ContentEvent'],
])('sends raw changes such as %j to the webhook for %s [WH-1.1]', async (change, eventType) => {
  await using world = await startSession()
  await world.agent.raw({ changes: [change] })
  await world.account.webhooks.idle()
  expect(world.account.webhooks.list().map(delivery => delivery.eventType)).toEqual([eventType])
})

test('sends raw changes to the only webhook, whatever their type is, and nowhere without one [WH-1.1]', async () => {
  await using world = await startSession()
  const { account, agent, receiver } = world
  const types = ['ms.MessagingEventNotification.ChatStateEvent'] as const
  account.webhooks.register(webhooksAt(receiver.url, { types: [...types] }))
  await agent.raw({ changes: [{ event: { type: 'ContentEvent' } }] })
  await account.webhooks.idle()
  expect(account.webhooks.list().map(({ eventType }) => eventType)).toEqual(types)
  account.webhooks.register({})
  await agent.raw({ changes: [{ event: { type: 'ContentEvent' } }] })
  expect(account.webhooks.list()).toHaveLength(1)
})

test('lets a bot do all that an agent can, as itself unless an action names another agent', async () => {
  await using world = await startSession()
  const { account, session } = world
  const rule: BotRuleInput = {
    when: 'hi',
    afterMs: 0,
    actions: [
      { action: 'say', text: 'note', messageAudience: 'AGENTS_AND_MANAGERS' },
      { action: 'sendSecureForm', formId: '1', title: 'Form', agentId: 'agent-2', role: 'AGENT' },
      { action: 'raw', changes: [{ odd: true }] },
    ],
  }
  account.bot.script([rule], 'bot-7')
  await session.publish(text('hi'))
  await account.clock.advance(1)
  const said = (await world.changes()).map(({ originatorId, event }) => [originatorId, event])
  expect(said).toMatchObject([
    [expect.any(String), { message: 'hi' }],
    ['bot-7', { chatState: 'COMPOSING' }],
    ['bot-7', { message: 'note' }],
    ['agent-2', { contentType: 'forms/secure-invitation' }],
    [undefined, undefined],
  ])
})
