import { expect, test } from 'vitest'
import { startMockServer } from '../../../src/index.ts'
import { contentType, startWebhookReceiver, webhooksAt } from '../../webhook-receiver.ts'
import { call, startConsumerSession, text } from '../consumer-session.ts'

test("shows a clock with the bot's answer that falls due next", async () => {
  await using session = await startConsumerSession({ now: () => 1000 })
  const { server, conversationId } = session
  const { accountId, bot, clock } = server.account()
  const url = `${server.url}/__sendbox/accounts/${accountId}/clock`
  const running = { now: 1000, frozen: false, offsetMs: 0, next: null }
  expect((await call(url)).json).toEqual(running)
  clock.freeze()
  await clock.advance(500)
  bot.script([{ when: 'hi', say: 'hello', afterMs: 800 }])
  await session.publish(text('hi'))
  const next = { at: 2300, what: `the bot answers in conversation ${conversationId}` }
  expect((await call(url)).json).toEqual({ now: 1500, frozen: true, offsetMs: 500, next })
  await clock.advance(800)
  expect((await call(url)).json).toMatchObject({ now: 2300, next: null })
})

test('names the webhook that is sent again, and the install whose stored ones wait', async () => {
  await using server = await startMockServer({ now: () => 0 })
  await using receiver = await startWebhookReceiver()
  receiver.answer = 500
  const outcomes = [{ maxRetries: 1 }, { retentionTime: 600 }].map(async (policy, index) => {
    const account = server.account(`account-${index}`)
    account.clock.freeze()
    account.webhooks.register(webhooksAt(receiver.url, { types: [contentType], ...policy }))
    await account.conversations.open('zoe', 'conversation-1')
    await account.agent('conversation-1').say('hello')
    await account.webhooks.idle()
    return account.clock.next?.what
  })
  expect(await Promise.all(outcomes)).toEqual([
    'delivery-1 is sent',
    `stored webhooks of ${server.account().clientId} are sent`,
  ])
})

test('reading a clock makes no account', async () => {
  await using server = await startMockServer()
  await call(`${server.url}/__sendbox/accounts/nobody/clock`)
  const { json } = await call(`${server.url}/__sendbox/accounts`)
  expect(JSON.stringify(json)).not.toContain('nobody')
})
