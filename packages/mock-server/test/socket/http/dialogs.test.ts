import { operations, toPath } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { startMockServer } from '../../../src/index.ts'
import { call, errorOf, startConsumerSession, text } from '../consumer-session.ts'

const resolved = { reqId: '1', code: 'OK', body: { msg: 'OK Conversation resolved successfully' } }
const isClose = errorOf(400, 40054, 'Bad Request', 'Conversation is close', '1')
const takesNo = (event: string) =>
  errorOf(400, 40055, 'Bad Request', `Dialog does not accept ${event}`, '1')
const composing = { type: 'ChatStateEvent', chatState: 'COMPOSING' }
const receipt = { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [0] }
const csat = {
  field: 'CSATRate',
  csatRate: 5,
  csatResolutionConfirmation: true,
  status: 'FILLED',
}
const closeDialog = (dialogId: string) => ({
  field: 'DialogChange',
  type: 'UPDATE',
  dialog: { dialogId, state: 'CLOSE' },
})

interface SurveyOptions {
  readonly survey?: boolean
  readonly skillId?: string
  readonly properties?: string
}

/** A conversation that was opened by CONVERSATION, as far as a survey may follow it. */
async function startSurveySession(options: SurveyOptions = {}) {
  const { survey = true, skillId = '7', properties = '{"features":["MULTI_DIALOG"]}' } = options
  const server = await startMockServer({
    settings: { survey },
  })
  const { accountId, conversations, tokens } = server.account()
  const { appJwt, consumerJws } = await tokens('consumer-1')
  const post = (path: string, body: unknown) =>
    call(`${server.url}${toPath(path, { accountId })}?v=3`, {
      method: 'POST',
      headers: {
        Authorization: appJwt,
        'X-LP-ON-BEHALF': consumerJws,
        'Content-Type': 'application/json',
        'Client-Properties': properties,
      },
      body: JSON.stringify(body),
    })
  const opened = await post(operations.conversation.path, [
    { id: 1, type: 'userprofile.SetUserProfile', body: {} },
    { id: 2, type: 'cm.ConsumerRequestConversation', body: { brandId: accountId, skillId } },
  ])
  const [, { body: { conversationId = '' } = {} } = {}] = opened.json as {
    body?: { conversationId?: string }
  }[]
  const send = (type: string, body: unknown) => post(operations.send.path, { id: '1', type, body })
  return {
    conversationId,
    view: () => conversations.get(conversationId),
    publish: (dialogId: string, event: unknown, more: object = {}) =>
      send('ms.PublishEvent', { dialogId, event, ...more }),
    update: (conversationField: unknown) =>
      send('cm.UpdateConversationField', { conversationId, conversationField }),
    [Symbol.asyncDispose]: () => server.close(),
  }
}

test('opens a survey when the main dialog is closed, with a counter of its own [UPD-3, RES-5.2, SEQ-3, LIF-1, LIF-4.1, LIF-4.2]', async () => {
  await using session = await startSurveySession()
  const { conversationId } = session
  await session.publish(conversationId, text('zero'))
  expect((await session.update(closeDialog(conversationId))).json).toEqual(resolved)
  const view = await session.view()
  expect(view).toMatchObject({
    state: 'CLOSE',
    stage: 'OPEN',
    dialogs: [
      { dialogId: conversationId, dialogType: 'MAIN', state: 'CLOSE', nextSequence: 1 },
      { dialogType: 'POST_SURVEY', state: 'OPEN', nextSequence: 0, transcript: [] },
    ],
  })
  const surveyId = view?.dialogs[1]?.dialogId ?? ''
  expect(surveyId).toMatch(/^[\w-]{22}$/)
  const answers = [
    await session.publish(surveyId, text('five'), { conversationId }),
    await session.publish(surveyId, receipt),
  ]
  expect(answers.map(({ json }) => json)).toMatchObject([
    { body: { sequence: 0 } },
    { body: { sequence: 1 } },
  ])
  expect((await session.update(closeDialog(surveyId))).json).toEqual(resolved)
  expect(await session.view()).toMatchObject({
    state: 'CLOSE',
    stage: 'CLOSE',
    dialogs: [{ state: 'CLOSE' }, { state: 'CLOSE', nextSequence: 2 }],
  })
  expect((await session.publish(surveyId, text('late'))).json).toEqual(isClose)
})

test('takes no chat state and no receipt in a closed main dialog, and no chat state in a survey [LIF-3, LIF-3a]', async () => {
  await using session = await startSurveySession()
  const { conversationId } = session
  await session.update(closeDialog(conversationId))
  const surveyId = (await session.view())?.dialogs[1]?.dialogId ?? ''
  const answers = [
    await session.publish(conversationId, composing),
    await session.publish(conversationId, receipt),
    await session.publish(conversationId, text('late')),
    await session.publish(surveyId, composing),
  ]
  expect(answers.map(({ json }) => json)).toEqual([
    takesNo('ChatStateEvent'),
    takesNo('AcceptStatusEvent'),
    isClose,
    takesNo('ChatStateEvent'),
  ])
})

test('reads MULTI_DIALOG beside features that nobody knows [REQ-6.1, REQ-6.2]', async () => {
  const properties = '{"type":"ClientProperties","features":["FILE_SHARING","NEW","MULTI_DIALOG"]}'
  await using session = await startSurveySession({ properties })
  await session.update(closeDialog(session.conversationId))
  expect(await session.view()).toMatchObject({ stage: 'OPEN', dialogs: [{}, { state: 'OPEN' }] })
})

test.each<[string, SurveyOptions]>([
  ['the setting [UPD-3a.2]', { survey: false }],
  ['a skill [UPD-3a.1]', { skillId: '-1' }],
  ['MULTI_DIALOG [REQ-6.1, UPD-3a.1]', { properties: '{"features":["RICH_CONTENT"]}' }],
  ['a header that is JSON [REQ-6.2]', { properties: 'MULTI_DIALOG' }],
])('closes everything with the main dialog without %s [UPD-3]', async (_, options) => {
  await using session = await startSurveySession(options)
  await session.update(closeDialog(session.conversationId))
  expect(await session.view()).toMatchObject({ stage: 'CLOSE', dialogs: [{ state: 'CLOSE' }] })
})

test.each([
  [
    'ConversationStateField [UPD-2]',
    { field: 'ConversationStateField', conversationState: 'CLOSE' },
  ],
  ['Stage [UPD-4]', { field: 'Stage', conversationState: 'CLOSE' }],
])('closes everything at once by %s, without a survey [RES-5.1, RES-5.2]', async (_, field) => {
  await using session = await startSurveySession()
  expect((await session.update(field)).json).toEqual(resolved)
  const view = await session.view()
  expect(view).toMatchObject({ state: 'CLOSE', stage: 'CLOSE' })
  expect(view?.dialogs).toHaveLength(1)
})

test('takes a rating while the conversation is open and after it, and nothing else after it [UPD-5, RES-5.2, LIF-5]', async () => {
  await using session = await startConsumerSession()
  const ok = { reqId: '1', code: 'OK', body: { msg: 'OK' } }
  const csatOf = async () =>
    (await session.server.account().conversations.get(session.conversationId))?.csat
  expect(await csatOf()).toBeUndefined()
  expect((await session.update(csat)).json).toEqual(ok)
  await session.close()
  expect((await session.update({ ...csat, csatRate: 1 })).json).toEqual(ok)
  expect(await csatOf()).toEqual({
    csatRate: 1,
    csatResolutionConfirmation: true,
    status: 'FILLED',
  })
  const ttr = { field: 'TTRField', ttrType: 'URGENT', value: 60 }
  for (const field of [ttr, closeDialog(session.conversationId), [csat, ttr]])
    expect((await session.update(field)).json).toEqual(isClose)
})

test('changes the time to respond, and applies several fields or none of them [UPD-1a, UPD-6]', async () => {
  await using session = await startConsumerSession()
  const view = () => session.server.account().conversations.get(session.conversationId)
  const ttr = { field: 'TTRField', ttrType: 'CUSTOM', value: 90 }
  expect((await session.update(ttr)).json).toMatchObject({ body: { msg: 'OK' } })
  expect((await view())?.ttr).toEqual({ ttrType: 'CUSTOM', value: 90 })
  const refused = await session.update([csat, { ...ttr, value: 1 }, closeDialog('nowhere')])
  expect(refused.json).toEqual(errorOf(404, 40451, 'Not Found', 'Conversation not found', '1'))
  const after = await view()
  expect([after?.ttr.value, after?.csat, after?.stage]).toEqual([90, undefined, 'OPEN'])
})

test('sets the profile by SEND as in a batch, and publishes a card as content [RES-4a, PUB-9]', async () => {
  await using session = await startConsumerSession()
  const body = { firstName: 'Zoë' }
  const set = await session.send({ id: 1, type: 'userprofile.SetUserProfile', body })
  expect(set.text).toBe(
    '{"reqId":"1","code":"OK","body":{"msg":"OK User Profile set successfully"}}',
  )
  const element = { type: 'text', text: 'hi' }
  const card = await session.publish({ type: 'RichContentEvent', message: element })
  expect(card.json).toMatchObject({ body: { sequence: 0 } })
  const view = await session.server.account().conversations.get(session.conversationId)
  expect(view?.dialogs[0]?.transcript[0]?.event).toEqual({
    type: 'RichContentEvent',
    content: element,
  })
})
