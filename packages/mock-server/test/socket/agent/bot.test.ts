import { expect, test } from 'vitest'
import { type BotRuleInput, startMockServer } from '../../../src/index.ts'
import { call, startConsumerSession, text } from '../consumer-session.ts'

/** A frozen account with a conversation, and what was said in it. */
async function startScripted(rules?: readonly BotRuleInput[]) {
  const session = await startConsumerSession({ now: () => 0 })
  const account = session.server.account()
  account.clock.freeze()
  if (rules) account.bot.script(rules)
  return {
    session,
    account,
    say: (message: string) => session.publish(text(message)),
    said: async (): Promise<unknown[]> => {
      const view = await account.conversations.get(session.conversationId)
      const dialog = view?.dialogs.at(-1)
      return (dialog?.transcript ?? []).map(({ originatorId, serverTimestamp, event }) => [
        originatorId.length === 64 ? 'consumer' : originatorId,
        serverTimestamp,
        'message' in event ? event.message : event.type,
      ])
    },
    chatStates: async (): Promise<unknown> => {
      const view = await account.conversations.get(session.conversationId)
      return view?.dialogs[0]?.chatStateHistory
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  }
}

test('types and answers 800 ms after the text that it hears, and no other', async () => {
  await using world = await startScripted([{ when: 'hi', say: 'hello' }])
  const { say, said, account, chatStates } = world
  await say('hi')
  await say('Hi')
  await say('hi there')
  await account.clock.advance(799)
  expect(await chatStates()).toEqual([])
  await account.clock.advance(1)
  expect(await chatStates()).toEqual([
    { participantId: 'agent-1', role: 'ASSIGNED_AGENT', chatState: 'COMPOSING', since: 800 },
  ])
  expect(await said()).toEqual([
    ['consumer', 0, 'hi'],
    ['consumer', 0, 'Hi'],
    ['consumer', 0, 'hi there'],
    ['agent-1', 800, 'hello'],
  ])
})

test('answers by the first rule that hears, by a regular expression too, with a text and a card', async () => {
  await using world = await startScripted([
    { when: /^order (\d+)$/i, afterMs: 5, say: 'Which one?', card: { type: 'button' } },
    { when: { pattern: 'order' }, say: 'never twice' },
    { when: { pattern: '.*' }, afterMs: 0, say: 'What?' },
  ])
  const { say, said, account } = world
  await say('ORDER 7')
  await say('well')
  await account.clock.advance(1000)
  expect(await said()).toEqual([
    ['consumer', 0, 'ORDER 7'],
    ['consumer', 0, 'well'],
    ['agent-1', 0, 'What?'],
    ['agent-1', 5, 'Which one?'],
    ['agent-1', 5, 'RichContentEvent'],
  ])
})

test('answers in a survey, and is silent where the conversation is over', async () => {
  await using world = await startScripted([{ when: '5', say: 'Thank you.' }])
  const { session, account, said, say } = world
  await account.agent(session.conversationId).startSurvey()
  const view = await account.conversations.get(session.conversationId)
  const dialogId = view?.dialogs[1]?.dialogId
  const body = { dialogId, event: text('5') }
  await session.send({ id: '1', type: 'ms.PublishEvent', body })
  await account.clock.advance(800)
  expect(await said()).toEqual([
    ['consumer', 0, '5'],
    ['agent-1', 800, 'Thank you.'],
  ])
  const other = await account.conversations.open('consumer-2')
  await account.agent(other.conversationId).close()
  await say('5')
  await account.clock.advance(800)
  expect(await said()).toHaveLength(2)
})

test('goes by what is declared, then by what is put, then by what is declared again', async () => {
  const bot = { agentId: 'bot-7', rules: [{ when: 'hi', say: 'declared' }] }
  await using server = await startMockServer({ accounts: { '1': { bot } } })
  const url = `${server.url}/__sendbox/accounts/1/bot`
  const declared = { agentId: 'bot-7', rules: [{ when: 'hi', afterMs: 800, say: 'declared' }] }
  const replaced = { agentId: 'agent-1', rules: [{ when: 'hi', afterMs: 1, say: 'put' }] }
  const put = await call(url, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ rules: [{ when: 'hi', afterMs: 1, say: 'put' }] }),
  })
  expect([put.status, put.json]).toEqual([200, replaced])
  expect((await call(url)).json).toEqual(replaced)
  expect(server.account('1').bot.current).toEqual(replaced)
  expect((await call(url, { method: 'DELETE' })).json).toEqual(declared)
  expect((await call(url.replace('/1/', '/2/'))).json).toBeNull()
  server.account('2').bot.script([{ when: 'hi', say: 'hello' }], 'bot-8')
  expect(server.account('2').bot.current).toMatchObject({ agentId: 'bot-8' })
  await server.reset()
  expect([server.account('1').bot.current, server.account('2').bot.current]).toEqual([
    declared,
    undefined,
  ])
})

test.each([
  [{ when: 'hi' }, '/rules/0: expected a say, a card or actions'],
  [{ when: { pattern: '(' }, say: 'a' }, '/rules/0/when'],
  [{ when: 'hi', say: 'a', afterMs: -1 }, '/rules/0/afterMs'],
])('refuses the rule %j and says why', async (rule, message) => {
  await using server = await startMockServer()
  expect(() => server.account().bot.script([rule])).toThrow(message)
})
