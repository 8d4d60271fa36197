import { describe, expect, test } from 'vitest'
import { startSmsWorld } from './sms-gateway-world.ts'

const phone = '+4915112345678'
const other = '+4917012345678'

const sent = (text: string) => ({ by: 'phone', text })
const received = (text: string) => ({ by: 'agent', text })

/** How an answer is lost: after the call has acted, or before. */
const endings = [
  ['its answer is lost', { loseAnswer: true }],
  ['half of its answer is lost', { truncate: true }],
  ['its answer is garbled', { malformed: true }],
  ['it is refused with 503', { status: 503 }],
  ['the connection is reset', { reset: true }],
] as const

describe.each(endings)('where %s,', (_, action) => {
  test('a text is one message all the same, and the next one comes after it', async () => {
    await using world = await startSmsWorld()
    const { gateway, account } = world
    await gateway.send(phone, 'Hi')
    const fault = account().faults.add({ match: { event: 'ContentEvent', nth: 1 }, action })
    const sends = [gateway.send(phone, 'one'), gateway.send(phone, 'two')]
    expect(await Promise.all(sends)).toEqual([[204], [204]])
    expect(await world.agentsView(phone)).toEqual([sent('Hi'), sent('one'), sent('two')])
    expect(account().faults.list()).toMatchObject([{ faultId: fault.faultId, acted: 1 }])
  })

  test('the opening of a conversation opens one, and nobody gets the one of somebody else', async () => {
    await using world = await startSmsWorld()
    const { gateway, account } = world
    account().faults.add({ match: { operation: 'conversation' }, action, times: 2 })
    const phones = [phone, other]
    const sends = phones.map(from => gateway.send(from, `Hi from ${from}`))
    expect(await Promise.all(sends)).toEqual([[204], [204]])
    for (const from of phones) {
      expect(await world.conversationsOf(from)).toHaveLength(1)
      expect(await world.agentsView(from)).toEqual([sent(`Hi from ${from}`)])
      await (await world.agentOf(from)).say(`Hello ${from}`)
      await gateway.received(from, 1)
      expect(world.phonesView(from)).toEqual([sent(`Hi from ${from}`), received(`Hello ${from}`)])
    }
    expect(account().faults.list()).toMatchObject([{ acted: 2 }])
  })
})

test('a conversation of somebody else is not taken for the one whose answer was lost', async () => {
  await using world = await startSmsWorld()
  const { gateway, account } = world
  const { conversationId } = await account().conversations.open('somebody on another channel')
  await world.quiet()
  const match = { operation: 'conversation', nth: 1 } as const
  account().faults.add({ match, action: { loseAnswer: true } })
  expect(await gateway.send(phone, 'Hi')).toEqual([204])
  expect(await world.agentsView(phone)).toEqual([sent('Hi')])
  await (await world.agentOf(phone)).say('Hello!')
  await gateway.received(phone, 1)
  expect(world.phonesView(phone)).toEqual([sent('Hi'), received('Hello!')])
  expect((await account().conversations.get(conversationId))?.dialogs).toMatchObject([
    { transcript: [], chatStateHistory: [] },
  ])
})

test('a text that the service does not take is posted again before those behind it', async () => {
  await using world = await startSmsWorld()
  const { gateway, account } = world
  account().faults.add({ match: { event: 'ContentEvent' }, action: { status: 503 }, times: 3 })
  const sends = [gateway.send(phone, 'one'), gateway.send(phone, 'two')]
  expect(await Promise.all(sends)).toEqual([
    [503, 204],
    [503, 204],
  ])
  expect(await world.agentsView(phone)).toEqual([sent('one'), sent('two')])
})

test('a conversation whose answer and webhook are both lost is found when the webhook comes', async () => {
  await using world = await startSmsWorld()
  const { gateway, account } = world
  account().clock.freeze()
  account().faults.add({
    match: { operation: 'conversation', nth: 1 },
    action: { loseAnswer: true },
  })
  account().webhooks.faults.add({ match: { nth: 1 }, action: { delayMs: 1000 } })
  const post = gateway.prepare(phone, 'Hi')
  expect(await post()).toBe(503)
  await account().clock.advance(1000)
  expect(await post()).toBe(204)
  expect(await world.agentsView(phone)).toEqual([sent('Hi')])
  expect(world.errors).toEqual([new Error('LivePerson did not take SMS in-1')])
})

test('a greeting reaches the phone, though nobody knew whose conversation it was when it came', async () => {
  await using world = await startSmsWorld()
  const { gateway, account, clock } = world
  account().faults.add({
    match: { operation: 'conversation', nth: 1 },
    action: { loseAnswer: true },
  })
  account().faults.add({ match: { event: 'ChatStateEvent', nth: 1 }, action: { status: 429 } })
  clock.holdWaits()
  const sending = gateway.send(phone, 'Hi')
  await account().requests.waitFor({ match: { event: 'ChatStateEvent', status: 429 } })
  await (await world.agentOf(phone)).say('Welcome!')
  await account().webhooks.idle()
  expect(gateway.seenBy(phone)).toEqual([{ direction: 'sent', text: 'Hi' }])
  clock.passWaits()
  expect(await sending).toEqual([204])
  await gateway.received(phone, 1)
  expect(await world.agentsView(phone)).toEqual([received('Welcome!'), sent('Hi')])
  expect(world.errors).toEqual([])
})
