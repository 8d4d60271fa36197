import { createHmac } from 'node:crypto'
import { parseNotification, type SentNotification } from '@sendbox/schema'
import { verifyWebhook } from '@sendbox/schema/signature'
import { expect, test } from 'vitest'
import type { SettingsInput } from '../../../src/index.ts'
import { startWebhookReceiver, webhooksAt } from '../../webhook-receiver.ts'
import { startConsumerSession, text } from '../consumer-session.ts'

const nowMs = 1_538_492_183_879

/** Starts a session whose app registers all webhooks, with the bodies that it received. */
async function startTold(settings: SettingsInput = {}) {
  const session = await startConsumerSession({ now: () => nowMs, settings })
  const receiver = await startWebhookReceiver()
  const account = session.server.account()
  account.webhooks.register(webhooksAt(receiver.url))
  const { conversationId } = session
  const state = await account.conversations.get(conversationId)
  const consumerId = state?.dialogs[0]?.chatStates[0]?.participantId ?? ''
  return {
    session,
    receiver,
    account,
    conversationId,
    consumerId,
    agent: account.agent(conversationId),
    told: async () => {
      await account.webhooks.idle()
      return receiver.posts.map(({ body }) => body)
    },
    async [Symbol.asyncDispose]() {
      await session[Symbol.asyncDispose]()
      await receiver.close()
    },
  }
}

/** Returns a notification that has only what the mock sends. */
function toSent(body: unknown): SentNotification {
  const result = parseNotification(body, { mode: 'strict' })
  expect(result).toMatchObject({ ok: true })
  return body as SentNotification
}

const messaging = (change: string): string =>
  `{"kind":"notification","body":{"changes":[{${change}}]},"type":"ms.MessagingEventNotification"}`

const by = (id: string, role: string): string =>
  `"originatorId":"${id}","originatorMetadata":{"id":"${id}","role":"${role}"}`

test('tells of each kind of event byte for byte as it was recorded', async () => {
  await using world = await startTold()
  const { session, agent, conversationId: id, consumerId, account } = world
  await session.publish(text('Hi 😃 é'))
  await session.publish({ type: 'ChatStateEvent', chatState: 'COMPOSING' })
  await agent.join()
  await agent.say('choose', { quickReplies: { type: 'quickReplies' } })
  await agent.type('PAUSE')
  await agent.sendFile({ caption: 'a cat', preview: 'data:image/png;base64,AA' })
  await agent.sendCard({ type: 'button', title: 'Yes' })
  await agent.read([0])
  const view = await account.conversations.get(id)
  const file = view?.dialogs[0]?.transcript[2]?.event as { message: { relativePath: string } }
  const place = `"conversationId":"${id}","dialogId":"${id}"`
  const end = `${place},"messageAudience":"ALL"`
  const time = `"serverTimestamp":${nowMs}`
  const consumer = by(consumerId, 'CONSUMER')
  const byAgent = by('agent-1', 'ASSIGNED_AGENT')
  const told = (await world.told()).filter(body => body.includes('ms.MessagingEvent'))
  expect(told).toEqual([
    messaging(
      `"sequence":0,${consumer},${time},"event":{"type":"ContentEvent","message":"Hi 😃 é","contentType":"text/plain"},${end}`,
    ),
    messaging(`${consumer},"event":{"type":"ChatStateEvent","chatState":"COMPOSING"},${place}`),
    messaging(
      `"sequence":1,${byAgent},${time},"event":{"type":"ContentEvent","message":"choose","contentType":"text/plain","quickReplies":{"type":"quickReplies"}},${end}`,
    ),
    messaging(`${byAgent},"event":{"type":"ChatStateEvent","chatState":"PAUSE"},${place}`),
    messaging(
      `"sequence":2,${byAgent},${time},"event":{"type":"ContentEvent","message":{"caption":"a cat","relativePath":"${file.message.relativePath}","fileType":"PNG","preview":"data:image/png;base64,AA"},"contentType":"hosted/file"},${end}`,
    ),
    messaging(
      `"sequence":3,${byAgent},${time},"event":{"type":"RichContentEvent","content":{"type":"button","title":"Yes"}},${end}`,
    ),
    messaging(
      `"sequence":4,${byAgent},${time},"event":{"type":"AcceptStatusEvent","status":"READ","sequenceList":[0]},${end}`,
    ),
  ])
})

/** The parts of a conversation change that differ from test to test. */
interface ChangeParts {
  readonly id: string
  readonly effectiveTtr: number
  readonly participants: string
  readonly dialogs: string
  /** From `state` to the last but `ttr`. */
  readonly end: string
  readonly sentTs: number
}

const change = ({ id, effectiveTtr, participants, dialogs, end, sentTs }: ChangeParts): string =>
  `{"kind":"notification","body":{"sentTs":${sentTs},"changes":[{"type":"UPSERT","result":{"convId":"${id}","effectiveTTR":${effectiveTtr},` +
  `"conversationDetails":{"skillId":"-1","participants":[${participants}],"dialogs":[${dialogs}],"brandId":"12345678",` +
  `${end},"ttr":{"ttrType":"PRIORITIZED","value":600}}}}]},"type":"cqm.ExConversationChangeNotification"}`

test('tells of a changed conversation byte for byte as it was recorded, open and closed', async () => {
  await using world = await startTold()
  const { session, agent, account, consumerId, conversationId: id } = world
  const opened = await account.conversations.open('consumer-2', 'new')
  const otherId = opened.dialogs[0]?.chatStates[0]?.participantId
  await account.clock.advance(1000)
  await agent.join()
  await account.clock.advance(1000)
  await session.update({
    field: 'DialogChange',
    type: 'UPDATE',
    dialog: { dialogId: id, state: 'CLOSE', closedCause: 'Closed by consumer' },
  })
  const other = `{"id":"${otherId}","role":"CONSUMER"}`
  const consumer = `{"id":"${consumerId}","role":"CONSUMER"}`
  const joined = '{"id":"agent-1","role":"ASSIGNED_AGENT"}'
  const dialog = (dialogId: string, ...people: string[]): string => {
    const details = people.map(person => person.replace('}', ',"state":"ACTIVE"}')).join()
    return `"dialogId":"${dialogId}","participantsDetails":[${details}],"dialogType":"MAIN","channelType":"MESSAGING","metaData":{"appInstallId":"sendbox-client"}`
  }
  expect(await world.told()).toEqual([
    change({
      id: 'new',
      effectiveTtr: nowMs + 600_000,
      participants: other,
      sentTs: nowMs,
      dialogs: `{${dialog('new', other)},"state":"OPEN","creationTs":${nowMs},"metaDataLastUpdateTs":${nowMs}}`,
      end: `"state":"OPEN","stage":"OPEN","startTs":${nowMs},"metaDataLastUpdateTs":${nowMs}`,
    }),
    change({
      id,
      effectiveTtr: nowMs + 600_000,
      participants: `${joined},${consumer}`,
      sentTs: nowMs + 1000,
      dialogs: `{${dialog(id, consumer, joined)},"state":"OPEN","creationTs":${nowMs},"metaDataLastUpdateTs":${nowMs + 1000}}`,
      end: `"state":"OPEN","stage":"OPEN","startTs":${nowMs},"metaDataLastUpdateTs":${nowMs + 1000}`,
    }),
    change({
      id,
      effectiveTtr: -1,
      participants: `${joined},${consumer}`,
      sentTs: nowMs + 2000,
      dialogs:
        `{${dialog(id, consumer, joined)},"state":"CLOSE","creationTs":${nowMs},"endTs":${nowMs + 2000},` +
        `"metaDataLastUpdateTs":${nowMs + 2000},"closedBy":"CONSUMER","closedCause":"Closed by consumer"}`,
      end: `"state":"CLOSE","stage":"CLOSE","closeReason":"CONSUMER","startTs":${nowMs},"endTs":${nowMs + 2000},"metaDataLastUpdateTs":${nowMs + 2000}`,
    }),
  ])
})

test('tells of every change of a field once, and of nothing that changes none', async () => {
  await using world = await startTold()
  const { session, agent, receiver } = world
  const rating = {
    field: 'CSATRate',
    csatRate: 5,
    csatResolutionConfirmation: true,
    status: 'FILLED',
  }
  const steps: (readonly [string, () => Promise<unknown>])[] = [
    ['participants', () => agent.join()],
    ['nothing', () => agent.join()],
    ['skill', () => agent.transfer({ skillId: '7' })],
    ['nothing', () => agent.leave()],
    ['ttr', () => session.update({ field: 'TTRField', ttrType: 'URGENT', value: 60 })],
    ['csat', () => session.update(rating)],
    ['dialog', () => agent.startSurvey()],
    ['nothing', () => session.publish({ type: 'ChatStateEvent', chatState: 'ACTIVE' })],
    ['state and stage', () => session.close()],
    ['csat', () => session.update(rating)],
  ]
  const told: (readonly [string, unknown])[] = []
  for (const [name, act] of steps) {
    const before = receiver.posts.length
    await act()
    await world.told()
    const bodies = receiver.bodies.slice(before).map(toSent)
    expect([name, bodies.length]).toEqual([name, name === 'nothing' ? 0 : 1])
    const changed = bodies[0]?.body.changes[0]
    if (changed && 'result' in changed) {
      const { skillId, ttr, state, stage, participants, closeReason } =
        changed.result.conversationDetails
      told.push([
        name,
        [
          skillId,
          ttr.value,
          changed.result.effectiveTTR,
          state,
          stage,
          participants.length,
          closeReason,
        ],
      ])
    }
  }
  const ends = nowMs + 600_000
  expect(told).toEqual([
    ['participants', ['-1', 600, ends, 'OPEN', 'OPEN', 2, undefined]],
    ['skill', ['7', 600, ends, 'OPEN', 'OPEN', 1, undefined]],
    ['ttr', ['7', 60, nowMs + 60_000, 'OPEN', 'OPEN', 1, undefined]],
    ['csat', ['7', 60, nowMs + 60_000, 'OPEN', 'OPEN', 1, undefined]],
    ['dialog', ['7', 60, nowMs + 60_000, 'CLOSE', 'OPEN', 2, undefined]],
    ['state and stage', ['7', 60, -1, 'CLOSE', 'CLOSE', 2, 'CONSUMER']],
    ['csat', ['7', 60, -1, 'CLOSE', 'CLOSE', 2, 'CONSUMER']],
  ])
})

test.each([
  ['sha1', {}],
  ['sha256', { webhooks: { signature: 'sha256' } }],
] as const)('signs the exact bytes by %s, and names account and client', async (hash, settings) => {
  await using world = await startTold(settings)
  await world.session.publish(text('Hi 😃 é'))
  await world.told()
  const [post] = world.receiver.posts
  const { body = '', headers = {} } = post ?? {}
  const { clientSecret } = world.account
  const signature = headers['x-liveperson-signature']
  expect(signature).toBe(
    `${hash}=${createHmac(hash, Buffer.from('sendbox-secret')).update(Buffer.from(body)).digest('base64')}`,
  )
  expect(verifyWebhook(body, clientSecret, signature)).toBe(true)
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'x-liveperson-account-id': '12345678',
    'x-liveperson-client-id': 'sendbox-client',
    'content-length': String(Buffer.byteLength(body)),
  })
})

test('repeats the metadata of a receipt, and not that of a text [PUB-10]', async () => {
  await using world = await startTold()
  const { session, agent, conversationId } = world
  const metadata = [{ type: 'Answer', id: '7' }]
  await agent.sendCard({ type: 'button' })
  const send = (event: unknown) =>
    session.send({
      id: '1',
      type: 'ms.PublishEvent',
      metadata,
      body: { dialogId: conversationId, event },
    })
  await send({ type: 'AcceptStatusEvent', status: 'ACTION', sequenceList: [0] })
  await send(text('Yes'))
  await world.told()
  const changes = world.receiver.bodies.slice(-2).map(toSent)
  expect(changes.map(({ body }) => body.changes[0])).toMatchObject([{ metadata }, { sequence: 2 }])
  expect(changes[1]?.body.changes[0]).not.toHaveProperty('metadata')
})

test('leaves messageAudience out where the setting says so', async () => {
  await using world = await startTold({ webhooks: { messageAudience: false } })
  await world.session.publish(text('hi'))
  const [body] = await world.told()
  expect(JSON.parse(body ?? '')).toMatchObject({ body: { changes: [{ sequence: 0 }] } })
  expect(body).not.toContain('messageAudience')
})

test.each([
  [false, ['ms.MessagingEventNotification']],
  [true, ['ms.MessagingEventNotification', 'cqm.ExConversationChangeNotification']],
])(
  'tells of the conversation for a message of the survey where the setting is %s',
  async (surveyExConversation, types) => {
    await using world = await startTold({ webhooks: { surveyExConversation } })
    await world.agent.startSurvey()
    const before = (await world.told()).length
    await world.agent.say('How was it?')
    await world.told()
    expect(world.receiver.bodies.slice(before)).toMatchObject(types.map(type => ({ type })))
  },
)

test('tells of the automatic message after the consumer’s own, and that its sender came in', async () => {
  await using world = await startTold({ autoMessages: { enabled: true, text: 'Soon.' } })
  const { session, receiver } = world
  const { headers } = session
  const features = { 'Client-Properties': '{"features":["AUTO_MESSAGES"]}' }
  const batch = [
    { id: '1', type: 'userprofile.SetUserProfile', body: {} },
    { id: '2', type: 'cm.ConsumerRequestConversation', body: { brandId: '12345678' } },
    { id: '3', type: 'ms.PublishEvent', body: { event: text('hello') } },
  ]
  await session.close()
  const before = (await world.told()).length
  await fetch(session.batchUrl, {
    method: 'POST',
    headers: { ...headers, ...features },
    body: JSON.stringify(batch),
  })
  await world.told()
  const roles = (body: unknown) => {
    const told = toSent(body).body.changes[0]
    return told && 'result' in told
      ? told.result.conversationDetails.participants.map(({ role }) => role)
      : [told?.originatorMetadata.role, told?.event]
  }
  expect(receiver.bodies.slice(before).map(roles)).toEqual([
    ['CONSUMER'],
    ['CONSUMER', text('hello')],
    ['CONTROLLER', 'CONSUMER'],
    ['CONTROLLER', text('Soon.')],
  ])
})
