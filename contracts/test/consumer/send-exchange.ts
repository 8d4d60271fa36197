import { MatchersV3 } from '@pact-foundation/pact'
import type { Client, Conversation } from '@sendbox/client'
import { pactConsumerId } from '../../src/pact/states.ts'
import { conversationId, type Exchange, exampleConversationId, exchange } from './exchange.ts'

const { like } = MatchersV3

/** The verifier sends the id of the example, and the response repeats it. */
const reqId = '1'

const envelope = { kind: 'req', id: like(reqId) }

/** A request of SEND. */
export const toRequest = (type: string, body: unknown, more: object = {}): object => ({
  ...envelope,
  type,
  body,
  ...more,
})

/** A request that publishes an event to the conversation of the state. */
export const publish = (event: unknown, more: object = {}): object =>
  toRequest('ms.PublishEvent', { dialogId: conversationId, event }, more)

/** A request that changes a field of the conversation of the state. */
export const update = (conversationField: unknown): object =>
  toRequest('cm.UpdateConversationField', { conversationId, conversationField })

export const text = { type: 'ContentEvent', contentType: 'text/plain', message: 'Hello' }

/** A success of SEND. */
export const toAnswer = (body: unknown): object => ({ reqId, code: 'OK', body })

/** A refusal; its title and details may be any text, because the client does not use them. */
export const toRefusal = (
  code: number,
  errorCode: number,
  { title, details, ...more }: { title: string; details: string; reqId?: string },
): object => ({
  kind: 'resp',
  code,
  body: { title: like(title), details: like(details), errorCode },
  type: '.ReqBody$ErrorResp',
  ...more,
})

/** Runs one call of the conversation of the state. */
export const converse = (
  call: Omit<Exchange, 'operation' | 'status'> & { readonly status?: number },
  act: (conversation: Conversation, client: Client) => Promise<void>,
): Promise<void> =>
  exchange({ operation: 'send', status: 200, ...call }, client =>
    act(client.conversation(exampleConversationId, { consumer: pactConsumerId }), client),
  )
