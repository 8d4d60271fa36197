import { expect, test } from 'vitest'
import { startSmsWorld } from './sms-gateway-world.ts'

const phone = '+4915112345678'

const sent = (text: string) => ({ by: 'phone', text })
const received = (text: string) => ({ by: 'agent', text })

test('the example shows the question of a survey, routes the answer to it, and then opens a new conversation (LIF-4)', async () => {
  await using world = await startSmsWorld()
  const { gateway } = world
  await gateway.send(phone, 'Hi')
  const agent = await world.agentOf(phone)
  await agent.startSurvey()
  await agent.say('How was it?')
  await gateway.received(phone, 1)
  await world.quiet()
  expect(await gateway.report(gateway.idsAt(phone)[0] ?? '', 'delivered')).toBe(204)
  await gateway.send(phone, 'Good')
  await world.quiet()

  const lines = [sent('Hi'), received('How was it?'), sent('Good')]
  expect(world.phonesView(phone)).toEqual(lines)
  const [conversation] = await world.conversationsOf(phone)
  const survey = conversation?.dialogs[1]
  expect(survey?.dialogType).toBe('POST_SURVEY')
  expect(survey?.transcript.map(({ event }) => Object(event).message)).toEqual([
    'How was it?',
    'Good',
  ])

  await agent.close()
  await world.quiet()
  await gateway.send(phone, 'Once more')
  expect(await world.conversationsOf(phone)).toHaveLength(2)
  expect(world.errors).toEqual([])
})

test('the example keeps private notes and unknown events from the phone (WH-4a)', async () => {
  await using world = await startSmsWorld()
  await world.gateway.send(phone, 'Hi')
  const agent = await world.agentOf(phone)
  await agent.say('do not refund', { messageAudience: 'AGENTS_AND_MANAGERS' })
  await agent.say('Hello!')
  await world.gateway.received(phone, 1)
  await agent.raw({ changes: [{ any: 1 }] })
  await world.quiet()

  expect(world.phonesView(phone)).toEqual([sent('Hi'), received('Hello!')])
  expect(world.errors).toEqual([new Error('A webhook has an unknown form')])
})
