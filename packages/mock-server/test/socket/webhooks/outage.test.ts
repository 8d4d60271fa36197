import { expect, test } from 'vitest'
import type { SettingsInput } from '../../../src/index.ts'
import {
  changeType,
  contentType,
  startWebhookReceiver,
  webhooksAt,
} from '../../webhook-receiver.ts'
import { startConsumerSession, text } from '../consumer-session.ts'

const receiptType = 'ms.MessagingEventNotification.AcceptStatusEvent'

/** A frozen account with two open conversations, whose app has a retention time. */
async function startKept(retentionTime: number, settings: SettingsInput = {}) {
  const session = await startConsumerSession({ settings, now: () => 0 })
  const receiver = await startWebhookReceiver()
  const account = session.server.account()
  account.clock.freeze()
  await account.conversations.open('consumer-2', 'other')
  const { webhooks } = account
  webhooks.register(
    webhooksAt(receiver.url, { types: [contentType], maxRetries: 1, retentionTime }),
  )
  return {
    session,
    receiver,
    webhooks,
    account,
    clock: account.clock,
    say: (message: string) => session.publish(text(message)),
    sayElsewhere: (message: string, id = 'other') => account.agent(id).say(message),
    /** The state of the only install. */
    install: () => webhooks.installs()[0],
    async [Symbol.asyncDispose]() {
      await session[Symbol.asyncDispose]()
      await receiver.close()
    },
  }
}

test('gives a connector that was down for an hour everything afterwards, in order', async () => {
  await using world = await startKept(2 * 3600)
  const { receiver, webhooks, clock, say, sayElsewhere, install } = world
  await receiver.close()
  const said: string[] = []
  for (let minute = 0; minute < 60; minute += 1) {
    said.push(`a${minute}`, `b${minute}`)
    await say(`a${minute}`)
    await sayElsewhere(`b${minute}`)
    await clock.advance(60_000)
  }
  expect(install()).toMatchObject({ state: 'FAILED', stored: 120 })
  await using back = await startWebhookReceiver(Number(new URL(receiver.url).port))
  await clock.advance(300_000)
  expect(back.messages).toEqual(said)
  expect(install()).toMatchObject({ state: 'UP', stored: 0 })
  const deliveries = webhooks.list()
  expect(deliveries.map(({ state }) => state)).toEqual(said.map(() => 'delivered'))
  const [probe, ...others] = deliveries.map(({ attempts }) =>
    attempts.map(({ at, outcome }) => [at / 1000, outcome]),
  )
  const failures = [0, 2, 6, 14, 30, 62, 126, 254, 510, 810, 1110, 1410, 1710, 2010, 2310, 2610]
  expect(probe).toEqual([
    ...[...failures, 2910, 3210, 3510].map(at => [at, 'refused']),
    [3810, 200],
  ])
  expect(others.slice(1)).toEqual(others.slice(1).map(() => [[3810, 200]]))
})

test('retries for three days, and drops what is past them', async () => {
  await using world = await startKept(259_200)
  const { receiver, webhooks, clock, say } = world
  receiver.answer = 500
  await say('hi')
  await clock.advance(259_200_000)
  const [stored] = webhooks.list()
  expect(stored).toMatchObject({ state: 'stored' })
  expect(stored?.attempts.slice(0, 10).map(({ at }) => at / 1000)).toEqual([
    0, 2, 6, 14, 30, 62, 126, 254, 510, 810,
  ])
  expect(stored?.attempts).toHaveLength(9 + Math.floor((259_200 - 510) / 300))
  await clock.advance(1)
  expect(webhooks.list()).toMatchObject([{ state: 'dropped' }])
  expect(world.install()).toMatchObject({ state: 'FAILED', stored: 0 })
})

test('drops exactly what is past its retention_time', async () => {
  await using world = await startKept(10)
  const { receiver, webhooks, clock, say } = world
  receiver.answer = 500
  await say('a')
  await clock.advance(3900)
  await say('b')
  await clock.advance(3100)
  await say('c')
  await clock.advance(3000)
  const states = () => webhooks.list().map(({ state }) => state)
  expect(states()).toEqual(['stored', 'stored', 'stored'])
  await clock.advance(1)
  expect(states()).toEqual(['dropped', 'stored', 'stored'])
  receiver.answer = 200
  await clock.advance(3899)
  expect(states()).toEqual(['dropped', 'stored', 'stored'])
  await clock.advance(1)
  expect(states()).toEqual(['dropped', 'dropped', 'stored'])
  await clock.advance(99)
  expect([states(), receiver.messages]).toEqual([
    ['dropped', 'dropped', 'delivered'],
    ['a', 'a', 'a', 'c'],
  ])
})

test('takes an event for in time at the very end of its retention_time', async () => {
  await using world = await startKept(2)
  world.receiver.answer = () => (world.receiver.posts.length === 1 ? 500 : 200)
  await world.say('a')
  await world.clock.advance(2000)
  expect(world.webhooks.list()).toMatchObject([
    { state: 'delivered', attempts: [{ at: 0 }, { at: 2000, outcome: 200 }] },
  ])
})

test('stores events of every type, also for an endpoint that works and one with max_retries 0', async () => {
  await using world = await startKept(600)
  const { receiver, webhooks, clock, say, account, session, install } = world
  await using working = await startWebhookReceiver()
  const never = { endpoint: receiver.url, max_retries: 0 }
  webhooks.register({
    ...webhooksAt(receiver.url, { types: [contentType], retentionTime: 600 }),
    [changeType]: { endpoint: working.url },
    [receiptType]: never,
  })
  const agent = account.agent(session.conversationId)
  receiver.answer = 500
  await agent.join()
  await agent.read([0])
  await webhooks.idle()
  expect([working.posts.length, install()?.state]).toEqual([1, 'UP'])
  expect(webhooks.list({ eventType: receiptType })).toMatchObject([
    { state: 'dropped', attempts: [{ outcome: 500 }] },
  ])
  await say('hi')
  await webhooks.idle()
  await agent.transfer({ skillId: '7' })
  await account.agent(session.conversationId, 'agent-2').read([0])
  await webhooks.idle()
  expect([working.posts.length, install()]).toEqual([
    1,
    { clientId: 'sendbox-client', state: 'FAILED', stored: 4, slowEndpoints: [] },
  ])
  receiver.answer = 200
  await clock.advance(2000)
  expect([working.posts.length, install()?.state]).toEqual([3, 'UP'])
  expect(webhooks.list({ state: 'stored' })).toEqual([])
})

test('moves through IN TRANSITION and RECOVERED while it drains', async () => {
  await using world = await startKept(600)
  const { receiver, webhooks, clock, say, account, sayElsewhere, install } = world
  receiver.answer = 500
  await say('a')
  await say('b')
  await webhooks.idle()
  const phases: unknown[] = []
  receiver.answer = async ({ body }) => {
    phases.push(install()?.state)
    if (body.includes('"b"')) {
      await account.conversations.open('consumer-3', 'new')
      await sayElsewhere('new', 'new')
      await say('appended')
    }
    if (body.includes('appended')) await say('late')
    return 200
  }
  await clock.advance(2000)
  expect([phases, receiver.messages.slice(1)]).toEqual([
    ['FAILED', 'IN TRANSITION', 'IN TRANSITION', 'RECOVERED'],
    ['a', 'b', 'new', 'appended'],
  ])
  expect([install()?.state, webhooks.list({ state: 'pending' })]).toMatchObject(['UP', [{}]])
  await clock.advance(3999)
  expect(receiver.messages.at(-1)).toBe('appended')
  await clock.advance(1)
  expect(receiver.messages.at(-1)).toBe('late')
})

test('tells of an endpoint that production may disable for being slow', async () => {
  await using world = await startKept(0)
  const { receiver, webhooks, clock, say, install } = world
  webhooks.faults.add({ action: { timeout: true } })
  await say('a')
  await clock.advance(120_000)
  expect(install()).toMatchObject({ slowEndpoints: [] })
  await clock.advance(1)
  await say('b')
  await webhooks.idle()
  expect(install()).toMatchObject({ slowEndpoints: [receiver.url] })
})
