import { expect, test } from 'vitest'
import { startSmsWorld } from './sms-gateway-world.ts'

const phone = '+4915112345678'

const sent = (text: string) => ({ by: 'phone', text })
const received = (text: string) => ({ by: 'agent', text })

type World = Awaited<ReturnType<typeof startSmsWorld>>

/** The receipts of a phone's conversations, in order: the status and the numbers. */
const receiptsOf = async ({ conversationsOf }: World) =>
  (await conversationsOf(phone)).flatMap(({ dialogs }) =>
    dialogs.flatMap(({ transcript }) =>
      transcript.flatMap(({ event }) =>
        event.type === 'AcceptStatusEvent' ? [[event.status, ...event.sequenceList]] : [],
      ),
    ),
  )

test('the example carries texts both ways, with chat states and receipts', async () => {
  await using world = await startSmsWorld()
  const { gateway, account } = world
  expect(await gateway.send(phone, 'Hi 😃')).toEqual([204])
  const agent = await world.agentOf(phone)
  await agent.type()
  await agent.say('Hello!')
  await gateway.received(phone, 1)
  await world.quiet()
  expect(await receiptsOf(world)).toEqual([['ACCEPT', 1]])
  expect(await gateway.report(gateway.idsAt(phone)[0] ?? '', 'delivered')).toBe(204)
  await gateway.send(phone, 'Bye')

  const lines = [sent('Hi 😃'), received('Hello!'), sent('Bye')]
  expect(world.phonesView(phone)).toEqual(lines)
  expect(await world.agentsView(phone)).toEqual(lines)
  expect(await receiptsOf(world)).toEqual([
    ['ACCEPT', 1],
    ['READ', 1],
  ])
  const [conversation] = await account().conversations.list()
  const states = conversation?.dialogs[0]?.chatStateHistory.filter(
    ({ role }) => role === 'CONSUMER',
  )
  expect(states?.map(({ chatState }) => chatState)).toEqual([
    'COMPOSING',
    'ACTIVE',
    'COMPOSING',
    'ACTIVE',
  ])
  expect(world.errors).toEqual([])
})

test('an SMS that the gateway posts three times is one message', async () => {
  await using world = await startSmsWorld()
  expect(await world.gateway.send(phone, 'Hi', { times: 3 })).toEqual([204, 204, 204])
  expect(await world.agentsView(phone)).toEqual([sent('Hi')])
  expect(world.account().requests.list({ event: 'ContentEvent' })).toHaveLength(1)
})

test('texts of a phone keep their order, however fast they come', async () => {
  await using world = await startSmsWorld()
  const texts = Array.from({ length: 20 }, (_, index) => `text ${index}`)
  await Promise.all(texts.map(text => world.gateway.send(phone, text)))
  expect(await world.agentsView(phone)).toEqual(world.phonesView(phone))
})

test('a message is one SMS, though its webhook comes twice and the gateway loses its answer', async () => {
  await using world = await startSmsWorld()
  const { gateway, account } = world
  await gateway.send(phone, 'Hi')
  account().webhooks.faults.add({ match: {}, action: { twice: true } })
  gateway.fail('refuse', 'loseAnswer')
  await (await world.agentOf(phone)).say('Hello!')
  await gateway.received(phone, 1)
  await world.quiet()
  expect(world.phonesView(phone)).toEqual([sent('Hi'), received('Hello!')])
  expect(gateway.repeats).toBe(1)
  expect(await receiptsOf(world)).toEqual([['ACCEPT', 1]])
})

test('what does not reach the phone is told the agent as not taken', async () => {
  await using world = await startSmsWorld()
  const { gateway } = world
  await gateway.send(phone, 'Hi')
  const agent = await world.agentOf(phone)
  await agent.sendCard({ type: 'button', title: 'Yes' })
  await world.quiet()
  gateway.fail('refuse', 'refuse', 'refuse', 'refuse', 'refuse')
  await agent.say('lost')
  await world.quiet()
  await agent.say('taken')
  await gateway.received(phone, 1)
  await world.quiet()
  const [id = ''] = gateway.idsAt(phone)
  expect(await gateway.report(id, 'failed')).toBe(204)
  expect(await gateway.report(id, 'failed')).toBe(204)
  expect(world.phonesView(phone)).toEqual([sent('Hi'), received('taken')])
  expect(await receiptsOf(world)).toEqual([
    ['NACK', 1],
    ['NACK', 3],
    ['ACCEPT', 5],
    ['NACK', 5],
  ])
})

test.each([
  ['that the webhook has told of', {}],
  ['before its webhook has', { match: {}, action: { lose: true } } as const],
])('a text after a close %s opens another conversation', async (_, fault) => {
  await using world = await startSmsWorld()
  const { gateway, account } = world
  await gateway.send(phone, 'Hi')
  await world.quiet()
  if ('action' in fault) account().webhooks.faults.add(fault)
  await (await world.agentOf(phone)).close()
  await world.quiet()
  expect(await gateway.send(phone, 'Hi again')).toEqual([204])
  const conversations = await world.conversationsOf(phone)
  expect(conversations.map(({ stage }) => stage)).toEqual(['CLOSE', 'OPEN'])
  expect(await world.agentsView(phone)).toEqual([sent('Hi'), sent('Hi again')])
  expect(account().requests.list({ status: 400 })).toHaveLength('action' in fault ? 3 : 0)
})

test('a text that the agent closes on, before its last chat state is through, is one message', async () => {
  await using world = await startSmsWorld()
  const { gateway, account, clock } = world
  await gateway.send(phone, 'Hi')
  account().faults.add({ match: { event: 'ChatStateEvent', nth: 2 }, action: { status: 429 } })
  clock.holdWaits()
  const sending = gateway.send(phone, 'Bye')
  await account().requests.waitFor({ match: { event: 'ChatStateEvent', status: 429 } })
  await (await world.agentOf(phone)).close()
  await world.quiet()
  clock.passWaits()
  expect(await sending).toEqual([204])
  expect(await world.agentsView(phone)).toEqual([sent('Hi'), sent('Bye')])
})

test('STOP closes the conversation, and is no message', async () => {
  await using world = await startSmsWorld()
  const { gateway } = world
  expect(await gateway.send(phone, 'STOP')).toEqual([204])
  expect(await world.conversationsOf(phone)).toEqual([])
  await gateway.send(phone, 'Hi')
  expect(await gateway.send(phone, 'STOP')).toEqual([204])
  expect(await world.conversationsOf(phone)).toMatchObject([{ stage: 'CLOSE' }])
  expect(await world.agentsView(phone)).toEqual([sent('Hi')])
})

test('a last word that comes with the close still reaches the phone', async () => {
  await using world = await startSmsWorld()
  const { gateway } = world
  await gateway.send(phone, 'Hi')
  const agent = await world.agentOf(phone)
  await agent.say('Goodbye!')
  await agent.close()
  await gateway.received(phone, 1)
  await world.quiet()
  expect(world.phonesView(phone)).toEqual([sent('Hi'), received('Goodbye!')])
  expect(world.errors).toEqual([])
})

test('what the gateway may not post is refused, and does no harm', async () => {
  await using world = await startSmsWorld()
  const { gateway } = world
  expect(await gateway.post('/sms', '{"from":"1","text":"","id":"1"}')).toBe(400)
  expect(await gateway.post('/sms', '{')).toBe(400)
  expect(await gateway.post('/elsewhere', '{}')).toBe(404)
  expect(await gateway.report('of-nobody/1', 'read')).toBe(503)
  expect(await gateway.post('/webhooks', '{}')).toBe(401)
  expect(world.account().requests.list()).toEqual([])
})
