import { createClient } from '@sendbox/client'
import { startMockServer } from '@sendbox/mock-server'
import { expect, test } from 'vitest'

test('the client carries a whole conversation into the mock', async () => {
  await using server = await startMockServer()
  const account = server.account()
  const { accountId, clientId, clientSecret } = account
  await using client = createClient({ accountId, clientId, clientSecret, domainApiUrl: server.url })
  const conversation = await client.consumer('zoë').openConversation({ skillId: '12' })
  expect(await conversation.sendText('Hi 😃')).toEqual({ sequence: 0 })
  await conversation.setChatState('COMPOSING')
  expect(await conversation.sendText('there')).toEqual({ sequence: 1 })
  expect(await conversation.accept([0, 1])).toEqual({ sequence: 2 })
  const composing = await account.conversations.get(conversation.conversationId)
  expect(composing?.dialogs[0]?.chatStates).toMatchObject([{ chatState: 'COMPOSING' }])
  await conversation.close()
  await expect(conversation.sendText('late')).rejects.toMatchObject({
    code: 'API_ERROR',
    status: 400,
    errorCode: 40054,
  })
  const closed = await account.conversations.get(conversation.conversationId)
  expect(closed).toMatchObject({ state: 'CLOSE', stage: 'CLOSE' })
  expect(closed?.dialogs[0]?.transcript.map(({ event }) => event)).toEqual([
    { type: 'ContentEvent', contentType: 'text/plain', message: 'Hi 😃' },
    { type: 'ContentEvent', contentType: 'text/plain', message: 'there' },
    { type: 'AcceptStatusEvent', status: 'ACCEPT', sequenceList: [0, 1] },
  ])
})

test('a consumer cannot write into the conversation of another', async () => {
  await using server = await startMockServer()
  const { accountId, clientId, clientSecret } = server.account()
  await using client = createClient({ accountId, clientId, clientSecret, domainApiUrl: server.url })
  const { conversationId } = await client.consumer('owner').openConversation()
  const foreign = client.conversation(conversationId, { consumer: 'stranger' })
  await expect(foreign.sendText('hi')).rejects.toMatchObject({ status: 401, errorCode: 40103 })
  expect(
    (await server.account().conversations.get(conversationId))?.dialogs[0]?.transcript,
  ).toEqual([])
})

test('200 texts of the client, sent at once, get 200 numbers without a gap', async () => {
  await using server = await startMockServer()
  const { accountId, clientId, clientSecret } = server.account()
  await using client = createClient({ accountId, clientId, clientSecret, domainApiUrl: server.url })
  const conversation = await client.consumer('busy').openConversation()
  const sent = await Promise.all(
    Array.from({ length: 200 }, (_, index) => conversation.sendText(`message ${index}`)),
  )
  expect(sent.map(({ sequence }) => sequence).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 200 }, (_, sequence) => sequence),
  )
})
