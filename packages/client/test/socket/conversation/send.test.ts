import { Agent } from 'undici'
import { expect, test } from 'vitest'
import { InvalidRequestError } from '../../../src/index.ts'
import { alice, createTestClient, rejectionOf, textRequest } from '../create-test-client.ts'
import { conversationId, startStubService } from '../start-stub-service.ts'

test('a request is sent as it was given: its own id, a bare element and unknown fields stay [REQ-8]', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const request = {
    id: 7,
    type: 'ms.PublishEvent',
    body: {
      dialogId: 'd',
      event: { type: 'AcceptStatusEvent', status: 'READ', sequenceList: 3 },
      colour: 'blue',
    },
    metadata: { type: 'ExternalId', id: 'e-1' },
  } as const

  const answer = await client.send(request, alice)

  expect(answer.reqId).toBe('7')
  expect(JSON.parse(service.requestsTo('/send')[0]?.body ?? '')).toEqual(request)
})

test('an invalid request never leaves, and its problems are told', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const request = {
    type: 'ms.PublishEvent',
    body: { dialogId: 'd', event: { type: 'ChatStateEvent', chatState: 'COMPOSNG' } },
  } as const

  // @ts-expect-error the chat state does not exist
  const error = await rejectionOf(client.send(request, alice))

  expect(error).toBeInstanceOf(InvalidRequestError)
  expect(error).toMatchObject({
    name: 'InvalidRequestError',
    code: 'INVALID_REQUEST',
    isRetryable: false,
    problems: [{ path: '/body/event/chatState', received: '"COMPOSNG"', rule: 'PUB-7' }],
    message:
      'Sending ms.PublishEvent failed: POST /api/account/{accountId}/messaging/consumer/conversation/send was not called, as the request is invalid. /body/event/chatState: expected ACTIVE, INACTIVE, GONE, COMPOSING or PAUSE, received "COMPOSNG" (did you mean "COMPOSING"?). Correct the request.',
  })
  expect(service.requests).toHaveLength(0)
})

test.each([null, [textRequest], 'ms.PublishEvent'])(
  '%j is refused as no request at all',
  async value => {
    await using service = await startStubService()
    await using client = createTestClient(service)

    const error = await rejectionOf(client.send(value as never, alice))

    expect(error).toMatchObject({ code: 'INVALID_REQUEST', problems: [{ path: '' }] })
    expect(service.requests).toHaveLength(0)
  },
)

test('invalid options of a new conversation never leave', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)

  const error = await rejectionOf(client.consumer('alice').openConversation({ skillId: 'sales' }))

  expect(error).toMatchObject({
    code: 'INVALID_REQUEST',
    message:
      'Opening a conversation failed: POST /api/account/{accountId}/messaging/consumer/conversation was not called, as the request is invalid. /1/body/skillId: expected up to 10 digits or "-1", received "sales". Correct the request.',
  })
  expect(service.requests).toHaveLength(0)
})

test('the conversation id is found by reqId when the answers of a batch come in another order [RES-2]', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const another = '00000000-0000-4000-8000-000000000000'
  service.answer(({ url }) =>
    url.includes('/conversation?')
      ? {
          status: 200,
          body: [
            { code: 'OK', body: { conversationId: another }, reqId: 'x' },
            { code: 'OK', body: { conversationId }, reqId: '2' },
            { code: 'OK', body: { msg: 'OK User Profile set successfully' }, reqId: '1' },
          ],
        }
      : undefined,
  )

  const conversation = await client.consumer('alice').openConversation()

  expect(conversation.conversationId).toBe(conversationId)
})

test('the first answer with a conversation id counts where no reqId fits', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  service.answer(({ url }) =>
    url.includes('/conversation?')
      ? {
          status: 200,
          body: [
            { code: 'OK', body: { msg: 'OK User Profile set successfully' }, reqId: 'a' },
            { code: 'OK', body: { conversationId }, reqId: 'b' },
          ],
        }
      : undefined,
  )

  const conversation = await client.consumer('alice').openConversation()

  expect(conversation.conversationId).toBe(conversationId)
})

test('fields that the schema does not know are ignored in every answer', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  const news = { news: 1 }
  service.answer(({ url }) => {
    if (url.includes('/baseURI')) {
      const services = ['asyncMessagingEnt', 'sentinel', 'idp', 'brandNew']
      const baseURIs = services.map(name => ({
        service: name,
        account: '12345678',
        baseURI: service.host,
        ...news,
      }))
      return { status: 200, body: { baseURIs, ...news } }
    }
    if (url.includes('/app/token')) {
      return { status: 200, body: { access_token: 'opaque', token_type: 'Bearer', ...news } }
    }
    if (url.includes('/consumer?')) return { status: 201, body: { token: 'jws', ...news } }
    if (url.includes('/conversation?')) {
      return {
        status: 200,
        body: [
          { code: 'OK', body: { msg: 'OK', ...news }, reqId: '1', ...news },
          { code: 'OK', body: { conversationId, ...news }, reqId: '2', ...news },
        ],
      }
    }
    return {
      status: 200,
      body: { reqId: '3', code: 'OK', body: { sequence: 9, ...news }, ...news },
    }
  })

  const conversation = await client.consumer('alice').openConversation()

  expect(conversation.conversationId).toBe(conversationId)
  expect(await conversation.sendText('Hello')).toEqual({ sequence: 9 })
})

test('a dispatcher that was passed in stays open when the client closes', async () => {
  await using service = await startStubService()
  const dispatcher = new Agent()
  const client = createTestClient(service, { dispatcher })
  await client.send(textRequest, alice)

  await client.close()

  expect(dispatcher.closed).toBe(false)
  await dispatcher.close()
})

test('closing twice is the same as closing once', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  await client.send(textRequest, alice)

  expect(client.close()).toBe(client.close())
  expect(await client.close()).toBeUndefined()
})
