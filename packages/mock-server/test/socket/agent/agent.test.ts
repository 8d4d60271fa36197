import { expect, test } from 'vitest'
import { call, startConsumerSession, text } from '../consumer-session.ts'

test('lets agent and consumer share one counter and one transcript [SEQ-2]', async () => {
  await using session = await startConsumerSession({ now: () => 9 })
  const { conversations, agent: agentOf } = session.server.account()
  const agent = agentOf(session.conversationId)
  await session.publish(text('hello'))
  expect(await agent.say('hi')).toBe(1)
  expect(await agent.read()).toBe(2)
  await session.publish(text('bye'))
  expect(await agent.accept([0, 3])).toBe(4)
  const view = await conversations.get(session.conversationId)
  const by = (id: string, event: unknown) => [id, event]
  expect(view?.dialogs[0]?.transcript.map(({ role, event }) => by(role, event))).toEqual([
    by('CONSUMER', text('hello')),
    by('ASSIGNED_AGENT', text('hi')),
    by('ASSIGNED_AGENT', { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [0] }),
    by('CONSUMER', text('bye')),
    by('ASSIGNED_AGENT', { type: 'AcceptStatusEvent', status: 'ACCEPT', sequenceList: [0, 3] }),
  ])
  expect(view?.dialogs[0]?.transcript.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3, 4])
})

test('shows who joined, and keeps the chat states of agent and consumer apart [CS-1]', async () => {
  await using session = await startConsumerSession({ now: () => 9 })
  const { conversations, agent: agentOf } = session.server.account()
  const agent = agentOf(session.conversationId, 'bot-7')
  const chatStates = async () =>
    (await conversations.get(session.conversationId))?.dialogs[0]?.chatStates
  await agent.join()
  await agent.join()
  expect(await chatStates()).toMatchObject([
    { role: 'CONSUMER', chatState: null },
    { participantId: 'bot-7', role: 'ASSIGNED_AGENT', chatState: null, since: null },
  ])
  await agent.type()
  await session.publish({ type: 'ChatStateEvent', chatState: 'ACTIVE' })
  expect(await chatStates()).toMatchObject([
    { role: 'CONSUMER', chatState: 'ACTIVE', since: 9 },
    { participantId: 'bot-7', chatState: 'COMPOSING', since: 9 },
  ])
})

test('starts a survey where the test wants one, and ends it or the conversation by the agent', async () => {
  await using session = await startConsumerSession()
  const { conversations, agent: agentOf } = session.server.account()
  const agent = agentOf(session.conversationId)
  await agent.startSurvey()
  expect(await agent.say('How was it?')).toBe(0)
  expect(await conversations.get(session.conversationId)).toMatchObject({
    state: 'CLOSE',
    stage: 'OPEN',
    dialogs: [{ dialogType: 'MAIN' }, { dialogType: 'POST_SURVEY', nextSequence: 1 }],
  })
  await expect(agent.startSurvey()).rejects.toThrow('40054 Conversation is close')
  await agent.close()
  expect(await conversations.get(session.conversationId)).toMatchObject({
    stage: 'CLOSE',
    dialogs: [{ state: 'CLOSE' }, { state: 'CLOSE' }],
  })

  const other = await conversations.open('consumer-2')
  await agentOf(other.conversationId).close()
  expect(await conversations.get(other.conversationId)).toMatchObject({ stage: 'CLOSE' })
  await expect(agentOf(other.conversationId).say('late')).rejects.toThrow(
    `Agent "agent-1" cannot say in ${other.conversationId}: 40054 Conversation is close`,
  )
  const silent = await conversations.open('consumer-3')
  await expect(agentOf(silent.conversationId).read()).rejects.toThrow('40052')
  await expect(agentOf('nowhere').join()).rejects.toThrow('40451 Conversation not found')
})

test('takes the same actions over the control API', async () => {
  await using session = await startConsumerSession()
  const act = (body: unknown, conversationId = session.conversationId) =>
    call(
      `${session.server.url}/__sendbox/accounts/${session.accountId}/conversations/${conversationId}/agent`,
      {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      },
    )
  await session.publish(text('hello'))
  const answers = [
    await act({ action: 'join' }),
    await act({ action: 'say', text: 'hi' }),
    await act({ action: 'type' }),
    await act({ action: 'accept' }),
    await act({ action: 'read', sequenceList: [0], agentId: 'agent-2' }),
    await act({ action: 'close' }),
  ]
  expect(answers.map(({ status, json }) => [status, json])).toEqual([
    [200, {}],
    [200, { sequence: 1 }],
    [200, { sequence: 0 }],
    [200, { sequence: 2 }],
    [200, { sequence: 3 }],
    [200, {}],
  ])
  const refused = await act({ action: 'say', text: 'late' })
  expect([refused.status, refused.json]).toEqual([
    400,
    { title: 'Bad Request', details: 'Conversation is close', errorCode: 40054 },
  ])
  expect((await act({ action: 'join' }, 'nowhere')).status).toBe(404)
  const unknown = await act({ action: 'sing' })
  expect([unknown.status, unknown.json]).toMatchObject([400, { title: 'Bad Request' }])
})
