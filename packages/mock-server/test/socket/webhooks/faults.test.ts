import { expect, test } from 'vitest'
import type { MockServerOptions } from '../../../src/index.ts'
import { contentType, startWebhookReceiver, webhooksAt } from '../../webhook-receiver.ts'
import { call, startConsumerSession, text } from '../consumer-session.ts'

/** A frozen account whose app registers content events. */
async function startTroubled(options: MockServerOptions = {}, maxRetries = 0) {
  const session = await startConsumerSession({ now: () => 0, ...options })
  const receiver = await startWebhookReceiver()
  const { webhooks, clock } = session.server.account()
  clock.freeze()
  webhooks.register(webhooksAt(receiver.url, { types: [contentType], maxRetries }))
  return {
    session,
    receiver,
    webhooks,
    clock,
    faults: webhooks.faults,
    say: async (...messages: string[]) => {
      for (const message of messages) await session.publish(text(message))
      await webhooks.idle()
    },
    async [Symbol.asyncDispose]() {
      await session[Symbol.asyncDispose]()
      await receiver.close()
    },
  }
}

test('delivers late, and lets later ones overtake', async () => {
  await using world = await startTroubled()
  const { faults, receiver, clock, say, webhooks } = world
  faults.add({ match: { nth: 1 }, action: { delayMs: 5000 } })
  await say('late', 'next')
  await clock.advance(4999)
  expect(receiver.messages).toEqual(['next'])
  await clock.advance(1)
  expect(receiver.messages).toEqual(['next', 'late'])
  expect(webhooks.list()).toMatchObject([
    { faultId: 'webhook-fault-1', state: 'delivered', attempts: [{ at: 5000 }] },
    { attempts: [{ at: 0 }] },
  ])
})

test('delivers twice, the same bytes, under one delivery', async () => {
  await using world = await startTroubled()
  world.faults.add({ action: { twice: true }, times: 1 })
  await world.say('a', 'b')
  expect(world.receiver.messages).toEqual(['a', 'a', 'b'])
  const [first, second] = world.receiver.posts
  expect(second).toEqual(first)
  expect(world.webhooks.list().map(({ attempts }) => attempts.length)).toEqual([2, 1])
})

test('loses a delivery', async () => {
  await using world = await startTroubled()
  world.faults.add({ match: { nth: 2 }, action: { lose: true } })
  await world.say('a', 'b', 'c')
  expect(world.receiver.messages).toEqual(['a', 'c'])
  expect(world.webhooks.list({ state: 'dropped' })).toMatchObject([
    { deliveryId: 'delivery-2', attempts: [], faultId: 'webhook-fault-1' },
  ])
})

test('holds a delivery back until the next of its conversation was posted', async () => {
  await using world = await startTroubled()
  const { faults, receiver, say, session } = world
  faults.add({ action: { holdBack: true }, times: 2 })
  await say('a', 'b')
  const account = session.server.account()
  await account.conversations.open('consumer-2', 'other')
  await account.agent('other').say('elsewhere')
  await world.webhooks.idle()
  expect(receiver.messages).toEqual(['elsewhere'])
  await say('c')
  expect(receiver.messages).toEqual(['elsewhere', 'c', 'a', 'b'])
})

test('delivers before the answer to the call that caused it', async () => {
  await using world = await startTroubled()
  const { faults, receiver, session } = world
  faults.add({ action: { beforeAnswer: true } })
  let isAnswered = false
  const seen: boolean[] = []
  receiver.answer = async () => {
    seen.push(isAnswered)
    return 200
  }
  const answer = await session.publish(text('a'))
  isAnswered = true
  expect([answer.status, seen, receiver.messages]).toEqual([200, [false], ['a']])
})

test.each([
  ['a status', { status: 500 }, 500],
  ['a time-out', { timeout: true }, 'timeout'],
] as const)(
  'takes %s for the answer, posts nothing, and counts it as a try',
  async (_, action, outcome) => {
    await using world = await startTroubled({}, 3)
    const { faults, receiver, clock, say, webhooks } = world
    faults.add({ action, times: 2 })
    await say('a')
    expect(receiver.messages).toEqual([])
    await clock.advance(60_000)
    expect(receiver.messages).toEqual(['a'])
    const failed = { outcome, durationMs: 0, faultId: 'webhook-fault-1' }
    expect(webhooks.list()).toMatchObject([
      {
        state: 'delivered',
        attempts: [
          { attempt: 1, at: 0, ...failed },
          { attempt: 2, at: 30_000, ...failed },
          { attempt: 3, at: 60_000, outcome: 200 },
        ],
      },
    ])
  },
)

test('gives the first attempt of a late delivery a status, and no other', async () => {
  await using world = await startTroubled({}, 1)
  world.faults.add({ action: { delayMs: 10, status: 503 }, times: 1 })
  await world.say('a')
  await world.clock.advance(30_010)
  expect(world.webhooks.list()).toMatchObject([
    {
      attempts: [
        { at: 10, outcome: 503 },
        { at: 30_010, outcome: 200 },
      ],
    },
  ])
})

test('draws by the seed: the same seed loses the same deliveries', async () => {
  const lost = async (seed: string): Promise<readonly string[]> => {
    await using world = await startTroubled({ seed })
    world.faults.add({ action: { lose: true }, probability: 0.5 })
    await world.say(...Array.from({ length: 20 }, (_, index) => `${index}`))
    const [fault] = world.faults.list()
    expect([fault?.matched, fault?.acted]).toEqual([20, 20 - world.receiver.messages.length])
    return world.receiver.messages
  }
  const [one, same, other] = [await lost('one'), await lost('one'), await lost('two')]
  expect(same).toEqual(one)
  expect(other).not.toEqual(one)
  expect(one.length).toBeGreaterThan(0)
  expect(one.length).toBeLessThan(20)
})

test('acts on what it matches only, and no more once it is removed', async () => {
  await using world = await startTroubled()
  const { faults, say, receiver } = world
  faults.add({ match: { conversationId: 'other' }, action: { lose: true } })
  faults.add({
    match: { eventType: 'cqm.ExConversationChangeNotification' },
    action: { lose: true },
  })
  const { faultId } = faults.add({ action: { lose: true } })
  await say('a')
  expect(faults.remove(faultId)).toBe(true)
  await say('b')
  expect(receiver.messages).toEqual(['b'])
  faults.clear()
  expect(faults.list()).toEqual([])
})

test.each([
  [{}, '/action: expected at least one of delayMs, twice, lose'],
  [{ lose: true, twice: true }, '/action/twice: expected nothing beside "lose", which never posts'],
  [{ beforeAnswer: true, delayMs: 5 }, '/action/delayMs: expected nothing beside "beforeAnswer"'],
  [{ status: 500, timeout: true }, '/action/timeout: expected nothing beside "status"'],
  [{ delayMs: { uniform: [2, 1] } }, '/action/delayMs'],
] as const)('refuses the action %j and says why', async (action, message) => {
  await using world = await startTroubled()
  expect(() => world.faults.add({ action } as never)).toThrow(message)
})

test('takes, lists and removes faults over the control API', async () => {
  await using world = await startTroubled()
  const url = `${world.session.server.url}/__sendbox/accounts/12345678/webhook-faults`
  const fault = { match: { eventType: contentType }, action: { lose: true }, times: 2 }
  const added = await call(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(fault),
  })
  const view = { faultId: 'webhook-fault-1', ...fault, matched: 0, acted: 0, remaining: 2 }
  expect([added.status, added.json]).toEqual([201, view])
  await world.say('a')
  const acted = { ...view, matched: 1, acted: 1, remaining: 1 }
  const one = `${url}/webhook-fault-1`
  expect((await call(url)).json).toEqual([acted])
  expect((await call(one)).json).toEqual(acted)
  expect((await call(one, { method: 'DELETE' })).json).toEqual(acted)
  const gone = await call(one)
  expect([gone.status, gone.json]).toMatchObject([404, { title: 'Not Found' }])
  world.faults.add({ action: { lose: true } })
  expect((await call(url, { method: 'DELETE' })).json).toMatchObject([{ matched: 0 }])
  expect((await call(url)).json).toEqual([])
})
