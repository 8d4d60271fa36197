import { expect, test } from 'vitest'
import { type ConversationView, startMockServer } from '../../../src/index.ts'
import { createDataFolder } from '../../data-folder.ts'
import { startWebhookReceiver } from '../../webhook-receiver.ts'
import { call, startConsumerSession, text } from '../consumer-session.ts'

const campaignInfo = { campaignId: 244_968_410, engagementId: '244968411' }
const conversationContext = {
  visitorId: 'A3ZTY3Zjk1MDExZTczYTU4',
  sessionId: 'k0Jn3r4wTfaRqqM8Rq9Arg',
  interactionContextId: 2,
  type: 'SharkContext',
  lang: 'en-US',
}

const opening = {
  brandId: '12345678',
  skillId: '7',
  channelType: 'MESSAGING',
  campaignInfo: { ...campaignInfo, secret: 'hush-hush' },
  conversationContext: { ...conversationContext, accessToken: 'hush-hush' },
}

const toBatch = (body: object) => [
  { id: '1', type: 'userprofile.SetUserProfile', body: {} },
  { id: '2', type: 'cm.ConsumerRequestConversation', body },
]

/** A mock with a conversation that was opened by a batch, beside the one of the session. */
async function startOpened(options: Parameters<typeof startConsumerSession>[0] = {}) {
  const settings = { secondConversation: 'allow', survey: true } as const
  const session = await startConsumerSession({ now: () => 1000, settings, ...options })
  const headers = {
    ...session.headers,
    'Client-Properties': JSON.stringify({ type: '.ClientProperties', features: ['MULTI_DIALOG'] }),
  }
  const answer = await call(session.batchUrl, {
    method: 'POST',
    headers,
    body: JSON.stringify(toBatch(opening)),
  })
  const [, { body }] = answer.json as [unknown, { body: { conversationId: string } }]
  const { conversations, agent } = session.server.account()
  const { conversationId } = body
  return {
    session,
    conversationId,
    agent: agent(conversationId),
    view: async () => (await conversations.get(conversationId)) as ConversationView,
    /** Publishes to a dialog as the consumer. */
    publish: (dialogId: string, event: unknown) =>
      session.send({ kind: 'req', id: '1', type: 'ms.PublishEvent', body: { dialogId, event } }),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  }
}

const origin = {
  consumer: 'consumer-1',
  consumerId: expect.stringMatching(/^[\da-f]{64}$/),
  openedAt: 1000,
  skillId: '7',
  channel: 'MESSAGING',
  campaign: campaignInfo,
  context: conversationContext,
  features: ['MULTI_DIALOG'],
}

test('a view has the documented fields of the request that opened the conversation, and no others', async () => {
  await using world = await startOpened()
  const view = await world.view()
  expect(view).toMatchObject(origin)
  expect([view.campaign, view.context]).toEqual([campaignInfo, conversationContext])
  const { server } = world.session
  const shown = [view, await server.account().snapshot()]
  expect(JSON.stringify(shown)).not.toContain('hush-hush')
})

test('a view has no field of a request that was not there', async () => {
  await using server = await startMockServer()
  const view = await server.account().conversations.open('zoe')
  expect(view).toMatchObject({ consumer: 'zoe', features: [] })
  for (const name of ['channel', 'campaign', 'context']) expect(view).not.toHaveProperty(name)
})

test('the fields of the opening are the same after a restart and in a restored snapshot', async () => {
  const data = await createDataFolder()
  const { snapshot, conversationId, before } = await (async () => {
    await using world = await startOpened({ data })
    await world.publish(world.conversationId, text('hi'))
    const account = world.session.server.account()
    return { ...world, snapshot: await account.snapshot(), before: await world.view() }
  })()
  await using again = await startMockServer({ data, now: () => 1000 })
  await using other = await startMockServer({ now: () => 1000 })
  await other.account().restore(snapshot)
  for (const { conversations } of [again.account(), other.account()])
    expect(await conversations.get(conversationId)).toEqual(before)
  expect(before).toMatchObject(origin)
})

test('a snapshot of a version that recorded none of them is restored', async () => {
  await using world = await startOpened()
  const snapshot = await world.session.server.account().snapshot()
  const conversations = snapshot.conversations.map(({ state, ...more }) => {
    const {
      extConsumerId: _extConsumerId,
      channelType: _channelType,
      campaignInfo: _campaignInfo,
      conversationContext: _conversationContext,
      ...older
    } = state
    return { ...more, state: older }
  })
  await using other = await startMockServer()
  await other.account().restore({ ...snapshot, conversations })
  const view = await other.account().conversations.get(world.conversationId)
  const { consumer, channel, campaign, context, ...expected } = await world.view()
  expect([consumer, channel, campaign, context]).not.toContain(undefined)
  expect(view).toEqual(expected)
})

test('a view says when, by whom and why dialogs and the conversation were closed', async () => {
  await using world = await startOpened()
  const { session, agent, conversationId, view } = world
  await agent.join()
  await agent.openCoBrowse()
  await session.server.account().clock.advance(500)
  await agent.close({ closedCause: 'solved' })
  const surveying = await view()
  expect([surveying.closedAt, surveying.closedBy, surveying.closedCause]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  const survey = surveying.dialogs.at(-1)?.dialogId ?? ''
  const closed = await session.send({
    id: '1',
    type: 'cm.UpdateConversationField',
    body: {
      conversationId,
      conversationField: {
        field: 'DialogChange',
        type: 'UPDATE',
        dialog: { dialogId: survey, state: 'CLOSE', closedCause: 'filled' },
      },
    },
  })
  expect(closed.status).toBe(200)
  expect(await view()).toMatchObject({
    openedAt: 1000,
    closedAt: 1500,
    closedBy: 'CONSUMER',
    closedCause: 'filled',
    closeReason: 'CONSUMER',
    effectiveTTR: -1,
    participants: [{ role: 'CONSUMER' }, { role: 'ASSIGNED_AGENT' }],
    dialogs: [
      {
        dialogType: 'MAIN',
        openedAt: 1000,
        closedAt: 1500,
        closedBy: 'AGENT',
        closedCause: 'solved',
      },
      { dialogType: 'CoBrowse', closedBy: 'AGENT' },
      { dialogType: 'POST_SURVEY', openedAt: 1500, closedBy: 'CONSUMER', closedCause: 'filled' },
    ],
  })
})

test('a timeout is the reason of a conversation that the agent closes for it', async () => {
  await using server = await startMockServer()
  const { conversations, agent } = server.account()
  const { conversationId } = await conversations.open('zoe')
  await agent(conversationId).close({ closeReason: 'TIMEOUT' })
  expect(await conversations.get(conversationId)).toMatchObject({
    closedBy: 'AGENT',
    closeReason: 'TIMEOUT',
  })
})

test('effectiveTTR of a view is that of the notifications, as time passes [WH-8]', async () => {
  await using receiver = await startWebhookReceiver()
  await using world = await startOpened()
  const { clock, webhooks } = world.session.server.account()
  const type = 'cqm.ExConversationChangeNotification'
  webhooks.register({ [type]: { endpoint: receiver.url } })
  const seen: number[] = [(await world.view()).effectiveTTR]
  await clock.advance(5000)
  await world.publish(world.conversationId, text('hi'))
  seen.push((await world.view()).effectiveTTR)
  await world.agent.say('hello')
  seen.push((await world.view()).effectiveTTR)
  expect(seen).toEqual([601_000, 606_000, -1])
  await clock.advance(1000)
  await world.publish(world.conversationId, text('still there?'))
  await world.agent.transfer({ skillId: '8' })
  await webhooks.idle()
  const [change] = receiver.posts.slice(-1).map(({ body }) => JSON.parse(body).body.changes[0])
  expect(change.result.effectiveTTR).toBe((await world.view()).effectiveTTR)
})

test('unread counts the messages to the consumer that no receipt READ names, dialog by dialog', async () => {
  await using world = await startOpened()
  const { agent, conversationId, publish, view } = world
  const unread = async () => (await view()).unread
  const read = (sequenceList: number[], status = 'READ') =>
    publish(conversationId, { type: 'AcceptStatusEvent', status, sequenceList })
  await publish(conversationId, text('hi'))
  expect(await unread()).toBe(0)
  await agent.say('one')
  await agent.say('a note', { messageAudience: 'AGENTS_AND_MANAGERS' })
  await agent.sendCard()
  await agent.read()
  expect(await unread()).toBe(2)
  await read([1], 'ACCEPT')
  expect(await unread()).toBe(2)
  await read([1])
  expect(await unread()).toBe(1)
  await agent.startSurvey()
  await agent.say('How was it?')
  await agent.say('And this?')
  expect(await unread()).toBe(3)
  const survey = (await view()).dialogs.at(-1)?.dialogId ?? ''
  await publish(survey, { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [0] })
  expect(await unread()).toBe(2)
})

test('the links of a view lead to the calls and the deliveries of that conversation alone', async () => {
  await using receiver = await startWebhookReceiver()
  await using world = await startOpened()
  const { session, conversationId, publish, view } = world
  const { server } = session
  const type = 'ms.MessagingEventNotification.ContentEvent'
  server.account().webhooks.register({ [type]: { endpoint: receiver.url } })
  await publish(conversationId, text('mine'))
  await publish(session.conversationId, text('of another'))
  await server.account().webhooks.idle()
  const { links } = await view()
  const { json: calls } = await call(server.url + links.requests)
  const { json: posts } = await call(server.url + links.deliveries)
  const { requests } = calls as { requests: { operation: string; conversationId: string }[] }
  const { deliveries } = posts as { deliveries: { conversationId: string }[] }
  expect(requests.map(({ operation }) => operation)).toEqual(['conversation', 'send'])
  expect(new Set(requests.map(found => found.conversationId))).toEqual(new Set([conversationId]))
  expect(deliveries.map(found => found.conversationId)).toEqual([conversationId])
})

test('links hold ids with any character', async () => {
  await using server = await startMockServer()
  const { conversations } = server.account('a/b?c')
  const { links } = await conversations.open('zoe', 'talk & more#1')
  expect(links).toEqual({
    requests: '/__sendbox/accounts/a%2Fb%3Fc/requests?conversationId=talk%20%26%20more%231',
    deliveries: '/__sendbox/accounts/a%2Fb%3Fc/webhooks?conversationId=talk%20%26%20more%231',
  })
  expect((await call(server.url + links.requests)).status).toBe(200)
  const half = await conversations.open('zoe', 'half a pair: \ud800')
  expect(half.links.requests).toContain('conversationId=half%20a%20pair%3A%20%EF%BF%BD')
})
