import type { Conversation } from '@sendbox/client'
import { expect, test } from 'vitest'
import { type DeclaredInteraction, interactions } from '../../src/pact/interactions.ts'
import { placeholders } from '../../src/pact/placeholders.ts'
import { pactAccountId, pactConsumerId, providerStates } from '../../src/pact/states.ts'
import {
  type Exchange,
  exampleConversationId,
  exchange,
  fromState,
  type GivenState,
} from './exchange.ts'
import { converse, publish, text, toRefusal, toRequest, update } from './send-exchange.ts'

/** Another consumer of the account, without access to the first one's conversations. */
const otherConsumerId = 'other-consumer'
const consumer = pactConsumerId
const reqId = '1'

interface RefusalRow {
  readonly interaction: DeclaredInteraction
  readonly states: readonly GivenState[]
  readonly request?: object
  readonly status: number
  readonly errorCode: number
  readonly title: string
  readonly details: string
  readonly act?: (conversation: Conversation) => Promise<unknown>
}

const open = [{ state: providerStates.openConversation }]
const closed = [{ state: providerStates.closedConversation }]

const rows: readonly RefusalRow[] = [
  {
    interaction: interactions.textAfterClose,
    states: closed,
    status: 400,
    errorCode: 40054,
    title: 'Bad Request',
    details: 'Conversation is close',
  },
  {
    interaction: interactions.closeAfterClose,
    states: closed,
    request: update({ field: 'ConversationStateField', conversationState: 'CLOSE' }),
    status: 400,
    errorCode: 40054,
    title: 'Bad Request',
    details: 'Conversation is close',
    act: conversation => conversation.close(),
  },
  {
    interaction: interactions.chatStateDuringSurvey,
    states: [{ state: providerStates.openSurvey }],
    request: publish({ type: 'ChatStateEvent', chatState: 'COMPOSING' }),
    status: 400,
    errorCode: 40055,
    title: 'Bad Request',
    details: 'Dialog does not accept ChatStateEvent',
    act: conversation => conversation.setChatState('COMPOSING'),
  },
  {
    interaction: interactions.textToUnknown,
    states: [{ state: providerStates.noOpenConversation }],
    request: toRequest('ms.PublishEvent', { dialogId: exampleConversationId, event: text }),
    status: 404,
    errorCode: 40451,
    title: 'Not Found',
    details: 'Conversation not found',
  },
  {
    interaction: interactions.textToOtherConsumer,
    states: [
      { state: providerStates.openConversation, consumer: otherConsumerId },
      { state: providerStates.noOpenConversation },
    ],
    status: 401,
    errorCode: 40103,
    title: 'Invalid ConsumerJWS',
    details: 'ConsumerJWS is invalid',
  },
]

const sendHello = (conversation: Conversation): Promise<unknown> => conversation.sendText('Hello')

test.each(rows)('$interaction.description is refused with $errorCode', async row => {
  expect.assertions(1)
  const { interaction, states, request = publish(text), act = sendHello } = row
  const { status, errorCode, title, details } = row
  const words = { title, details, ...(status !== 401 && { reqId }) }
  await converse(
    { interaction, states, request, status, response: toRefusal(status, errorCode, words) },
    async conversation => {
      await expect(act(conversation)).rejects.toMatchObject({
        code: 'API_ERROR',
        status,
        errorCode,
        isRetryable: false,
      })
    },
  )
})

const invalidAppJwt = toRefusal(401, 40102, {
  title: 'Invalid AppJWT',
  details: 'AppJWT has expired or is invalid',
})

const renewals: readonly Exchange[] = [
  {
    interaction: interactions.textWithBrokenAppJwt,
    operation: 'send',
    states: open,
    appJwt: placeholders.brokenAppJwt,
    request: publish(text),
    status: 401,
    response: invalidAppJwt,
  },
  {
    interaction: interactions.textWithExpiredAppJwt,
    operation: 'send',
    states: [...open, { state: providerStates.expiredAppJwt }],
    authorization: fromState('appJwt', placeholders.expiredAppJwt),
    request: publish(text),
    status: 401,
    response: invalidAppJwt,
  },
  {
    interaction: interactions.fetchConsumerJwsWithBrokenAppJwt,
    operation: 'consumer',
    appJwt: placeholders.brokenAppJwt,
    request: { ext_consumer_id: consumer },
    status: 401,
    response: invalidAppJwt,
  },
]

test.each(renewals)(
  '$interaction.description is refused with 40102, and the AppJWT renewed once',
  async asked => {
    expect.assertions(2)
    await exchange(asked, async (client, stub) => {
      const { sendText } = client.conversation(exampleConversationId, { consumer })
      await expect(sendText('Hello')).rejects.toMatchObject({
        code: 'API_ERROR',
        status: 401,
        errorCode: 40102,
        attempts: 2,
      })
      expect(stub.calls['appToken']).toBe(2)
    })
  },
)

test('a ConsumerJWS that is no token is refused with 40103, and fetched anew for the next call [AUTH-6]', async () => {
  expect.assertions(3)
  await exchange(
    {
      interaction: interactions.textWithBrokenConsumerJws,
      operation: 'send',
      states: open,
      consumerJws: placeholders.brokenConsumerJws,
      request: publish(text),
      status: 401,
      response: toRefusal(401, 40103, {
        title: 'Invalid ConsumerJWS',
        details: 'ConsumerJWS is invalid',
      }),
    },
    async (client, stub) => {
      const { sendText } = client.conversation(exampleConversationId, { consumer })
      const refused = { code: 'API_ERROR', status: 401, errorCode: 40103 }
      await expect(sendText('Hello')).rejects.toMatchObject(refused)
      await expect(sendText('Hello')).rejects.toMatchObject(refused)
      expect(stub.calls['consumer']).toBe(2)
    },
  )
})

test('a second conversation is refused with 40057, by the id of its request [CON-4.1, CON-5]', async () => {
  expect.assertions(1)
  await exchange(
    {
      interaction: interactions.openSecondConversation,
      operation: 'conversation',
      states: open,
      request: [
        { kind: 'req', id: '1', type: 'userprofile.SetUserProfile', body: {} },
        {
          kind: 'req',
          id: '2',
          type: 'cm.ConsumerRequestConversation',
          body: { brandId: pactAccountId },
        },
      ],
      status: 400,
      response: toRefusal(400, 40057, {
        title: 'Bad Request',
        details: 'Consumer already has an open conversation',
        reqId: '2',
      }),
    },
    async client => {
      await expect(client.consumer(consumer).openConversation()).rejects.toMatchObject({
        code: 'API_ERROR',
        status: 400,
        errorCode: 40057,
        reqId: '2',
        outcomeUnknown: false,
      })
    },
  )
})
