import type { PublishEventResponse, UpdateConversationFieldResponse } from '@sendbox/schema'
import { expect, expectTypeOf, test } from 'vitest'
import { createTestClient, textRequest } from '../create-test-client.ts'
import { conversationId, defaultAppJwt, startStubService } from '../start-stub-service.ts'

const account = '/api/account/12345678'
const sendUrl = `${account}/messaging/consumer/conversation/send?v=3`

test('a journey from the first call to the close puts exactly the documented calls on the wire [EP-1]', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)

  const conversation = await client
    .consumer('alice')
    .openConversation({ skillId: '42', ttrDefName: 'URGENT' })
  expect(conversation.conversationId).toBe(conversationId)
  expect(await conversation.sendText('Hello')).toEqual({ sequence: 0 })
  expect(await conversation.setChatState('COMPOSING')).toBeUndefined()
  expect(await conversation.accept([0, 1])).toEqual({ sequence: 1 })
  expect(await conversation.close()).toBeUndefined()

  const publish = (id: string, event: unknown) => [
    'POST',
    sendUrl,
    { kind: 'req', id, type: 'ms.PublishEvent', body: { dialogId: conversationId, event } },
  ]
  const calls = service.requests.map(({ method, url, body, headers }) => [
    method,
    url,
    headers['Content-Type'] === 'application/json' ? JSON.parse(body) : body,
  ])
  expect(calls).toEqual([
    ['GET', `${account}/service/baseURI.json?version=1.0`, ''],
    [
      'POST',
      `/sentinel${account}/app/token?v=1.0&grant_type=client_credentials`,
      'client_id=sendbox-client&client_secret=secret-that-never-shows',
    ],
    ['POST', `${account}/consumer?v=1.0`, { ext_consumer_id: 'alice' }],
    [
      'POST',
      `${account}/messaging/consumer/conversation?v=3`,
      [
        { kind: 'req', id: '1', type: 'userprofile.SetUserProfile', body: {} },
        {
          kind: 'req',
          id: '2',
          type: 'cm.ConsumerRequestConversation',
          body: { brandId: '12345678', skillId: '42', ttrDefName: 'URGENT' },
        },
      ],
    ],
    publish('3', { type: 'ContentEvent', contentType: 'text/plain', message: 'Hello' }),
    publish('4', { type: 'ChatStateEvent', chatState: 'COMPOSING' }),
    publish('5', { type: 'AcceptStatusEvent', status: 'ACCEPT', sequenceList: [0, 1] }),
    [
      'POST',
      sendUrl,
      {
        kind: 'req',
        id: '6',
        type: 'cm.UpdateConversationField',
        body: {
          conversationId,
          conversationField: { field: 'ConversationStateField', conversationState: 'CLOSE' },
        },
      },
    ],
  ])
})

test('the tokens go out bare, under the header names of the operations [AUTH-1.1]', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)

  await client.consumer('alice').openConversation()
  await client.send(textRequest, { consumer: 'alice' })

  const tokens = service.requests.map(({ headers }) => [
    headers['Authorization'],
    headers['X-LP-ON-BEHALF'],
    headers['Content-Type'],
  ])
  expect(tokens).toEqual([
    [undefined, undefined, undefined],
    [undefined, undefined, 'application/x-www-form-urlencoded'],
    [defaultAppJwt, undefined, 'application/json'],
    [defaultAppJwt, 'jws-of-alice', 'application/json'],
    [defaultAppJwt, 'jws-of-alice', 'application/json'],
  ])
})

test('a conversation that exists already is continued without opening another', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)

  const conversation = client.conversation('c-1', { consumer: 'bob' })

  expect(conversation.conversationId).toBe('c-1')
  expect(service.requests).toHaveLength(0)
  expect(await conversation.sendText('Back again')).toEqual({ sequence: 0 })
  expect(service.requestsTo('/conversation')).toHaveLength(0)
  expect(JSON.parse(service.requestsTo('/send')[0]?.body ?? '')).toHaveProperty(
    'body.dialogId',
    'c-1',
  )
})

test('an account id with unusual characters is one percent-encoded segment of every path', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service, { accountId: 'a/b c?ü#1' })

  await client.consumer('alice').openConversation()
  await client.send(textRequest, { consumer: 'alice' })

  const segment = '/api/account/a%2Fb%20c%3F%C3%BC%231/'
  expect(service.requests).toHaveLength(5)
  expect(service.requests.filter(({ url }) => !url.includes(segment))).toEqual([])
})

test('a client id and secret with unusual characters arrive whole in the form [EP-9]', async () => {
  await using service = await startStubService()
  const credentials = { clientId: 'me & you', clientSecret: 'a+b=c%20ü' }
  await using client = createTestClient(service, credentials)

  await client.send(textRequest, { consumer: 'alice' })

  const form = new URLSearchParams(service.requestsTo('/app/token')[0]?.body)
  expect([...form]).toEqual([
    ['client_id', 'me & you'],
    ['client_secret', 'a+b=c%20ü'],
  ])
})

test('the answer to send has the type that belongs to the request [RES-1]', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)

  const published = await client.send(textRequest, { consumer: 'alice' })
  const updated = await client.send(
    {
      type: 'cm.UpdateConversationField',
      body: {
        conversationId: 'c',
        conversationField: { field: 'ConversationStateField', conversationState: 'CLOSE' },
      },
    },
    { consumer: 'alice' },
  )

  expectTypeOf(published).toEqualTypeOf<PublishEventResponse>()
  expectTypeOf(updated).toEqualTypeOf<UpdateConversationFieldResponse>()
  expect(published).toEqual({ reqId: '1', code: 'OK', body: { sequence: 0 } })
  expect(updated).toEqual({
    reqId: '2',
    code: 'OK',
    body: { msg: 'OK Conversation resolved successfully' },
  })
})
