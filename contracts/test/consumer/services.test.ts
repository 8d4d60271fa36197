import { MatchersV3 } from '@pact-foundation/pact'
import { expect, test } from 'vitest'
import { interactions } from '../../src/pact/interactions.ts'
import { placeholders } from '../../src/pact/placeholders.ts'
import { pactAccountId, pactConsumerId, providerStates } from '../../src/pact/states.ts'
import { exampleConversationId, exampleHost, exchange } from './exchange.ts'

const { arrayContaining, like, regex, string, uuid } = MatchersV3

const consumer = pactConsumerId

test('a batch opens a conversation [CON-1, RES-4]', async () => {
  expect.assertions(1)
  await exchange(
    {
      interaction: interactions.openConversation,
      operation: 'conversation',
      states: [{ state: providerStates.noOpenConversation }],
      request: [
        { kind: 'req', id: '1', type: 'userprofile.SetUserProfile', body: {} },
        {
          kind: 'req',
          id: '2',
          type: 'cm.ConsumerRequestConversation',
          body: { brandId: pactAccountId, skillId: '12', ttrDefName: 'URGENT' },
        },
      ],
      status: 200,
      response: [
        { code: 'OK', body: { msg: like('OK User Profile set successfully') }, reqId: '1' },
        { code: 'OK', body: { conversationId: uuid(exampleConversationId) }, reqId: '2' },
      ],
    },
    async client => {
      const options = { skillId: '12', ttrDefName: 'URGENT' } as const
      const { conversationId } = await client.consumer(consumer).openConversation(options)
      expect(conversationId).toBe(exampleConversationId)
    },
  )
})

test('the Domain API names a host for each service that the client calls [EP-6.1]', async () => {
  expect.assertions(1)
  const named = ['asyncMessagingEnt', 'sentinel', 'idp', 'swift'].map(service => ({
    service,
    account: pactAccountId,
    baseURI: regex('^[^/]+$', exampleHost),
  }))
  await exchange(
    {
      interaction: interactions.lookUpDomains,
      operation: 'baseUris',
      status: 200,
      response: { baseURIs: arrayContaining(...named) },
    },
    async (client, stub) => {
      await client.conversation(exampleConversationId, { consumer }).sendText('Hello')
      expect(stub.calls).toEqual({ appToken: 1, consumer: 1, send: 1 })
    },
  )
})

const toForm = (clientSecret: string) =>
  new URLSearchParams({
    client_id: placeholders.clientId,
    client_secret: clientSecret,
  }).toString()

test('an AppJWT is fetched with the app install [EP-9]', async () => {
  expect.assertions(1)
  await exchange(
    {
      interaction: interactions.fetchAppJwt,
      operation: 'appToken',
      request: toForm(placeholders.clientSecret),
      status: 200,
      response: { access_token: string(placeholders.appJwt), token_type: 'Bearer' },
    },
    async (client, stub) => {
      await client.conversation(exampleConversationId, { consumer }).sendText('Hello')
      expect(stub.calls).toEqual({ baseUris: 1, consumer: 1, send: 1 })
    },
  )
})

test('a wrong secret is refused in the words of OAuth [EP-12.1]', async () => {
  expect.assertions(1)
  await exchange(
    {
      interaction: interactions.fetchAppJwtWithWrongSecret,
      operation: 'appToken',
      clientSecret: 'wrong',
      request: toForm('wrong'),
      status: 401,
      response: { error: 'invalid_client', error_description: string('Client is unknown') },
    },
    async client => {
      const { sendText } = client.conversation(exampleConversationId, { consumer })
      await expect(sendText('Hello')).rejects.toMatchObject({
        code: 'TOKEN_REFUSED',
        status: 401,
        error: 'invalid_client',
        isRetryable: false,
      })
    },
  )
})

test('a ConsumerJWS is fetched with an AppJWT [EP-13]', async () => {
  expect.assertions(1)
  await exchange(
    {
      interaction: interactions.fetchConsumerJws,
      operation: 'consumer',
      request: { ext_consumer_id: consumer },
      status: 201,
      response: { token: string(placeholders.consumerJws) },
    },
    async (client, stub) => {
      await client.conversation(exampleConversationId, { consumer }).sendText('Hello')
      expect(stub.calls).toEqual({ baseUris: 1, appToken: 1, send: 1 })
    },
  )
})
