import { operations, toPath } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { call, startConsumerSession, text } from '../consumer-session.ts'

async function startActing() {
  const session = await startConsumerSession({ now: () => 9 })
  const account = session.server.account()
  const { conversationId, server, accountId } = session
  const path = `/__sendbox/accounts/${accountId}/conversations/${conversationId}/agent`
  return {
    session,
    account,
    agentOf: (agentId?: string) => account.agent(conversationId, agentId),
    act: (body: unknown) =>
      call(`${server.url}${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }),
    dialog: async () => (await account.conversations.get(conversationId))?.dialogs[0],
    view: () => account.conversations.get(conversationId),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  }
}

test('sends a file whose bytes the consumer can download', async () => {
  await using world = await startActing()
  const { session, agentOf, dialog } = world
  const bytes = Buffer.from('a file')
  expect(await agentOf().sendFile({ bytes, fileType: 'PDF', caption: 'terms' })).toBe(0)
  const event = (await dialog())?.transcript[0]?.event
  expect(event).toEqual({
    type: 'ContentEvent',
    contentType: 'hosted/file',
    message: {
      relativePath: expect.stringMatching(
        /^\/v1\/AUTH_async-images\/12345678\/[\da-f]{64}_uuid_[\da-f-]{36}_01-01-1970_00-00-00-009\.PDF$/,
      ),
      fileType: 'PDF',
      caption: 'terms',
    },
  })
  const { relativePath } = (event as { message: { relativePath: string } }).message
  const signed = await session.send({
    id: '1',
    type: 'ms.GenerateURLForDownloadFile',
    body: { relativePath },
  })
  const { queryParams } = (signed.json as { body: { queryParams: Record<string, string> } }).body
  const search = new URLSearchParams(queryParams).toString()
  const download = await fetch(`${session.server.url}${relativePath}?${search}`)
  expect([download.status, await download.text()]).toEqual([200, 'a file'])
})

test('sends a picture where no bytes are given, and a card as it is', async () => {
  await using world = await startActing()
  const { session, agentOf, dialog } = world
  const card = {
    type: 'vertical',
    elements: [
      { type: 'button', title: 'Yes', click: { metadata: [{ type: 'Answer', id: '1' }] } },
    ],
  }
  expect([await agentOf().sendFile(), await agentOf().sendCard(card)]).toEqual([0, 1])
  const [file, sent] = (await dialog())?.transcript ?? []
  expect(file?.event).toMatchObject({ message: { fileType: 'PNG' } })
  expect(sent?.event).toEqual({ type: 'RichContentEvent', content: card })
  const place = toPath(operations.upload.path, { accountId: session.accountId, fileName: '' })
  expect(file?.event).toMatchObject({
    message: { relativePath: expect.stringContaining(place) },
  })
})

test('leaves, with its chat state, and joins anew', async () => {
  await using world = await startActing()
  const { agentOf, dialog } = world
  const ids = async () =>
    (await dialog())?.chatStates.map(({ role, chatState }) => [role, chatState])
  await agentOf().type()
  await agentOf().leave()
  await agentOf('agent-2').leave()
  expect(await ids()).toEqual([['CONSUMER', null]])
  await agentOf().join()
  expect(await ids()).toEqual([
    ['CONSUMER', null],
    ['ASSIGNED_AGENT', null],
  ])
})

test('never lets the consumer go', async () => {
  await using world = await startActing()
  const consumerId = (await world.dialog())?.chatStates[0]?.participantId
  await world.agentOf(consumerId).leave()
  expect((await world.dialog())?.chatStates).toHaveLength(1)
})

test('hands over to another skill and another agent in one step', async () => {
  await using world = await startActing()
  const { agentOf, dialog, view } = world
  await agentOf().join()
  await agentOf().transfer({ skillId: '7', toAgentId: 'agent-2' })
  expect((await view())?.skillId).toBe('7')
  expect((await dialog())?.chatStates.map(({ participantId }) => participantId).slice(1)).toEqual([
    'agent-2',
  ])
  await agentOf('agent-2').transfer()
  expect((await view())?.skillId).toBe('7')
  expect((await dialog())?.chatStates).toHaveLength(1)
})

test('acts in the role that it joined with', async () => {
  await using world = await startActing()
  const { agentOf, dialog, act } = world
  await agentOf('boss').join('MANAGER')
  await agentOf('boss').say('hello')
  await act({ action: 'say', text: 'hi', agentId: 'helper', role: 'AGENT' })
  expect(
    (await dialog())?.transcript.map(({ originatorId, role }) => [originatorId, role]),
  ).toEqual([
    ['boss', 'MANAGER'],
    ['helper', 'AGENT'],
  ])
  expect((await act({ action: 'join', role: 'CONSUMER' })).status).toBe(400)
})

test('takes the new actions over the control API, on the consumer’s counter', async () => {
  await using world = await startActing()
  const { session, act } = world
  await session.publish(text('hello'))
  const answers = [
    await act({ action: 'sendFile' }),
    await act({ action: 'sendCard', card: { type: 'button' } }),
    await act({ action: 'transfer', skillId: '7' }),
    await act({ action: 'transfer' }),
    await act({ action: 'leave' }),
  ]
  expect(answers.map(({ status, json }) => [status, json])).toEqual([
    [200, { sequence: 1 }],
    [200, { sequence: 2 }],
    [200, {}],
    [200, {}],
    [200, {}],
  ])
  const refused = [
    await act({ action: 'sendCard', card: {} }),
    await act({ action: 'sendFile', base64: '?' }),
  ]
  expect(refused.map(({ status }) => status)).toEqual([400, 400])
  await act({ action: 'close' })
  expect((await act({ action: 'leave' })).json).toMatchObject({ errorCode: 40054 })
})
