import { MatchersV3 } from '@pact-foundation/pact'
import type { Client, Conversation } from '@sendbox/client'
import { pactConsumerId } from '../../src/pact/states.ts'
import { conversationId, type Exchange, exampleConversationId, exchange } from './exchange.ts'

const { like } = MatchersV3

/** The verifier sends the example's id, so that the answer must repeat that very id. */
const reqId = '1'

const envelope = { kind: 'req', id: like(reqId) }

/** A request of SEND as the client writes it. */
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

/** A refusal in the words of the service, which a client does not rely on. */
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
  asked: Omit<Exchange, 'operation' | 'status'> & { readonly status?: number },
  act: (conversation: Conversation, client: Client) => Promise<void>,
): Promise<void> =>
  exchange({ operation: 'send', status: 200, ...asked }, client =>
    act(client.conversation(exampleConversationId, { consumer: pactConsumerId }), client),
  )
