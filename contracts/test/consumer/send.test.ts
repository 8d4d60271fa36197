import { MatchersV3, PactV4, SpecificationVersion } from '@pact-foundation/pact'
import { createClient } from '@sendbox/client'
import { operations, toPath } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { interactions } from '../../src/interactions.ts'
import {
  type ProviderState,
  pactAccountId,
  pactConsumerId,
  placeholders,
  providerStates,
} from '../../src/states.ts'
import { generatedPactsFolder } from '../generated-pacts.ts'
import { startPlatformStub } from './platform-stub.ts'

type Conversation = ReturnType<ReturnType<typeof createClient>['conversation']>

const { fromProviderState, integer, like } = MatchersV3

const pact = new PactV4({
  consumer: 'sendbox-client',
  provider: 'send-api',
  dir: generatedPactsFolder,
  spec: SpecificationVersion.SPECIFICATION_VERSION_V4,
  logLevel: 'warn',
})

const exampleConversationId = '8602832d-dce1-446b-8445-0d51f5926a42'
const conversationId = fromProviderState('${conversationId}', exampleConversationId)
const anyId = like('1')

const publish = (event: unknown) => ({
  kind: 'req',
  id: anyId,
  type: 'ms.PublishEvent',
  body: { dialogId: conversationId, event },
})

/** The verifier sends the example's id, so that the answer must repeat that very id. */
const reqId = '1'

const answer = (body: unknown) => ({ reqId, code: 'OK', body })

const text = { type: 'ContentEvent', contentType: 'text/plain', message: 'Hello' }

interface Exchange {
  readonly state: ProviderState
  readonly description: string
  readonly appJwt?: string
  readonly request: unknown
  readonly status: number
  readonly response: unknown
}

/** Runs the client against Pact's mock of one exchange, which writes the exchange to the pact file. */
const exchange = (
  { state, description, appJwt = placeholders.appJwt, request, status, response }: Exchange,
  act: (conversation: Conversation) => Promise<void>,
): Promise<unknown> =>
  pact
    .addInteraction()
    .given(state)
    .uponReceiving(description)
    .withRequest(
      operations.send.method,
      toPath(operations.send.path, { accountId: pactAccountId }),
      builder => {
        builder
          .query(operations.send.query)
          .headers({ Authorization: appJwt, 'X-LP-ON-BEHALF': placeholders.consumerJws })
          .jsonBody(request)
      },
    )
    .willRespondWith(status, builder => {
      builder.jsonBody(response)
    })
    .executeTest(async ({ url }) => {
      await using stub = await startPlatformStub(new URL(url).host, appJwt)
      await using client = createClient({
        accountId: pactAccountId,
        clientId: 'sendbox-client',
        clientSecret: 'sendbox-secret',
        domainApiUrl: stub.url,
      })
      await act(client.conversation(exampleConversationId, { consumer: pactConsumerId }))
    })

test('a text is answered with its sequence', async () => {
  expect.assertions(1)
  await exchange(
    {
      state: providerStates.openConversation,
      description: interactions.sendText,
      request: publish(text),
      status: 200,
      response: answer({ sequence: integer(0) }),
    },
    async conversation => {
      expect(await conversation.sendText('Hello')).toEqual({ sequence: 0 })
    },
  )
})

test('a chat state is answered with sequence 0', async () => {
  expect.assertions(1)
  await exchange(
    {
      state: providerStates.conversationWithTwoTexts,
      description: interactions.setChatState,
      request: publish({ type: 'ChatStateEvent', chatState: 'COMPOSING' }),
      status: 200,
      response: answer({ sequence: 0 }),
    },
    async conversation => {
      expect(await conversation.setChatState('COMPOSING')).toBeUndefined()
    },
  )
})

test('a receipt for two texts takes the number after theirs', async () => {
  expect.assertions(1)
  await exchange(
    {
      state: providerStates.conversationWithTwoTexts,
      description: interactions.accept,
      request: publish({ type: 'AcceptStatusEvent', status: 'ACCEPT', sequenceList: [0, 1] }),
      status: 200,
      response: answer({ sequence: 2 }),
    },
    async conversation => {
      expect(await conversation.accept([0, 1])).toEqual({ sequence: 2 })
    },
  )
})

test('a conversation is closed', async () => {
  expect.assertions(1)
  await exchange(
    {
      state: providerStates.openConversation,
      description: interactions.close,
      request: {
        kind: 'req',
        id: anyId,
        type: 'cm.UpdateConversationField',
        body: {
          conversationId,
          conversationField: { field: 'ConversationStateField', conversationState: 'CLOSE' },
        },
      },
      status: 200,
      response: answer({ msg: like('OK Conversation resolved successfully') }),
    },
    async conversation => {
      expect(await conversation.close()).toBeUndefined()
    },
  )
})

const refusal = (code: number, errorCode: number, title: string, details: string) => ({
  kind: 'resp',
  code,
  body: { title: like(title), details: like(details), errorCode },
  type: '.ReqBody$ErrorResp',
})

test('a text to a closed conversation is refused with 40054', async () => {
  expect.assertions(1)
  await exchange(
    {
      state: providerStates.closedConversation,
      description: interactions.textAfterClose,
      request: publish(text),
      status: 400,
      response: {
        ...refusal(400, 40054, 'Bad Request', 'Conversation is close'),
        reqId,
      },
    },
    async conversation => {
      await expect(conversation.sendText('Hello')).rejects.toMatchObject({
        code: 'API_ERROR',
        status: 400,
        errorCode: 40054,
      })
    },
  )
})

test('an AppJWT that is no token is refused with 40102', async () => {
  expect.assertions(1)
  await exchange(
    {
      state: providerStates.openConversation,
      description: interactions.textWithBrokenAppJwt,
      appJwt: placeholders.brokenAppJwt,
      request: publish(text),
      status: 401,
      response: refusal(401, 40102, 'Invalid AppJWT', 'AppJWT has expired or is invalid'),
    },
    async conversation => {
      await expect(conversation.sendText('Hello')).rejects.toMatchObject({
        code: 'API_ERROR',
        status: 401,
        errorCode: 40102,
      })
    },
  )
})
