import type {
  GenerateUrlResponse,
  PublishEventResponse,
  SetUserProfileResponse,
} from '@sendbox/schema'
import { expectTypeOf, test } from 'vitest'
import {
  type AnyClientError,
  type Client,
  type ClientError,
  type ClientErrorCode,
  type Conversation,
  createClient,
  type SentEvent,
} from '../../src/index.ts'

const credentials = { accountId: '1', clientId: 'id', clientSecret: 's' } as const
const alice = { consumer: 'alice' } as const

const publish = <const Event>(event: Event) =>
  ({ type: 'ms.PublishEvent', body: { dialogId: 'd', event } }) as const

const update = <const Field>(conversationField: Field) =>
  ({
    type: 'cm.UpdateConversationField',
    body: { conversationId: 'c', conversationField },
  }) as const

const composing = publish({ type: 'ChatStateEvent', chatState: 'COMPOSING' })
const misspelt = publish({ type: 'ChatStateEvent', chatState: 'COMPOSNG' })
const unknown = publish({ type: 'TextEvent', message: 'Hello' })
const withoutContentType = publish({ type: 'ContentEvent', message: 'Hello' })
const number = publish({ type: 'ContentEvent', contentType: 'text/plain', message: 5 })
const receipt = publish({ type: 'AcceptStatusEvent', status: 'READ', sequenceList: ['1'] })

test('a wrong event does not compile', () => {
  expectTypeOf((client: Client) => [
    () => client.send(composing, alice),
    // @ts-expect-error no such chat state
    () => client.send(misspelt, alice),
    // @ts-expect-error no such event
    () => client.send(unknown, alice),
    // @ts-expect-error a text has a contentType
    () => client.send(withoutContentType, alice),
    // @ts-expect-error a text is text
    () => client.send(number, alice),
    // @ts-expect-error the number of a message is a number
    () => client.send(receipt, alice),
  ]).toBeFunction()
})

const opening = update({ field: 'ConversationStateField', conversationState: 'OPEN' })

test('a wrong request or field does not compile', () => {
  expectTypeOf((client: Client) => [
    // @ts-expect-error no such request
    () => client.send({ type: 'ms.PublishEvnt', body: {} }, alice),
    // @ts-expect-error an event has a dialog
    () => client.send({ type: 'ms.PublishEvent', body: { event: {} } }, alice),
    // @ts-expect-error a request is sent on behalf of a consumer
    () => client.send(composing, {}),
    // @ts-expect-error a conversation is closed, not opened
    () => client.send(opening, alice),
  ]).toBeFunction()
})

test('a wrong call of a conversation does not compile', () => {
  expectTypeOf((conversation: Conversation) => [
    // @ts-expect-error a text is text
    () => conversation.sendText(5),
    // @ts-expect-error no such chat state
    () => conversation.setChatState('TYPING'),
    // @ts-expect-error no such event
    () => conversation.publish({ type: 'Nothing' }),
    // @ts-expect-error numbers of messages are a list
    () => conversation.accept(1),
    // @ts-expect-error a card's number and metadata are needed
    () => conversation.replyToCard({ text: 'Yes' }),
    // @ts-expect-error a rating says whether it is resolved
    () => conversation.rate({ csatRate: 5 }),
    // @ts-expect-error no such field
    () => conversation.close({ field: 'Conversation' }),
    // @ts-expect-error a file is bytes, a path or a stream
    () => conversation.sendFile(5),
    // @ts-expect-error a name is text
    () => conversation.setProfile({ firstName: 5 }),
    // @ts-expect-error a signal is no function
    () => conversation.sendText('Hello', { signal: () => true }),
  ]).toBeFunction()
})

test('a wrong option of a client does not compile', () => {
  expectTypeOf(() => [
    // @ts-expect-error the secret is needed
    () => createClient({ accountId: '1', clientId: 'id' }),
    // @ts-expect-error no such check
    () => createClient({ ...credentials, checks: { requests: 'on' } }),
  ]).toBeFunction()
})

test('answers have the type of what was asked', () => {
  expectTypeOf((client: Client, conversation: Conversation) => {
    const profile = { type: 'userprofile.SetUserProfile', body: {} } as const
    const place = {
      type: 'ms.GenerateURLForUploadFile',
      body: { fileSize: 1, fileType: 'PNG' },
    } as const
    expectTypeOf(client.send(profile, alice)).resolves.toEqualTypeOf<SetUserProfileResponse>()
    expectTypeOf(client.send(place, alice)).resolves.toEqualTypeOf<GenerateUrlResponse>()
    expectTypeOf(client.send(composing, alice)).resolves.toEqualTypeOf<PublishEventResponse>()
    expectTypeOf(conversation.sendText('Hello')).resolves.toEqualTypeOf<SentEvent>()
    expectTypeOf(conversation.typing(() => 5)).resolves.toEqualTypeOf<number>()
    expectTypeOf(conversation.typing(async () => 'x')).resolves.toEqualTypeOf<string>()
    expectTypeOf(conversation.downloadFile('/x')).resolves.toEqualTypeOf<Uint8Array>()
  }).toBeFunction()
})

test('the codes of errors are a closed union, and each tells its class', () => {
  expectTypeOf<AnyClientError['code']>().toEqualTypeOf<ClientErrorCode>()
  expectTypeOf<AnyClientError>().toExtend<ClientError>()
  expectTypeOf<Extract<AnyClientError, { code: 'API_ERROR' }>['status']>().toEqualTypeOf<number>()
  expectTypeOf<
    Extract<AnyClientError, { code: 'QUEUE_FULL' }>['maxWaiting']
  >().toEqualTypeOf<number>()
})
