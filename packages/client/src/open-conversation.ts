import {
  type ConsumerRequestConversationRequestSchema,
  type ConversationBatchInput,
  type ConversationBatchResponse,
  parseConversationBatch,
} from '@sendbox/schema'
import type { z } from 'zod'
import { callOperation, toFailedCall } from './call-operation.ts'
import { InvalidRequestError } from './invalid-request-error.ts'
import { InvalidResponseError } from './invalid-response-error.ts'
import type { Session } from './session.ts'

type ConsumerRequestConversationBody = z.input<
  typeof ConsumerRequestConversationRequestSchema
>['body']

/**
 * What a new conversation may say of itself, each field as LivePerson names it: `skillId` (up to
 * 10 digits, "-1" for any), `ttrDefName`, `campaignInfo`, `conversationContext`, `channelType`.
 * Rule: CON-1.
 */
export type OpenConversationOptions = Pick<
  ConsumerRequestConversationBody,
  'skillId' | 'ttrDefName' | 'campaignInfo' | 'conversationContext' | 'channelType'
>

const about = {
  purpose: 'Opening a conversation',
  // There is no idempotency key: a repeat may open a second one.
  isRepeatable: false,
} as const

const conversationIdIn = ({ body }: ConversationBatchResponse[number]): string | undefined =>
  'conversationId' in body ? body.conversationId : undefined

/** By `reqId`; real connectors also take the first answer that has one. Rule: RES-2. */
const findConversationId = (
  answers: ConversationBatchResponse,
  reqId: string,
): string | undefined =>
  [...answers.filter(answer => answer.reqId === reqId), ...answers]
    .map(conversationIdIn)
    .find(conversationId => conversationId !== undefined)

/** Opens a conversation in one batch with an empty profile, and gives its id. Rules: EP-2, CON-2, CON-3. */
export async function openConversation(
  session: Session,
  extConsumerId: string,
  options: OpenConversationOptions,
): Promise<string> {
  const profileId = session.nextId()
  const conversationRequestId = session.nextId()
  const batch: ConversationBatchInput = [
    { kind: 'req', id: profileId, type: 'userprofile.SetUserProfile', body: {} },
    {
      kind: 'req',
      id: conversationRequestId,
      type: 'cm.ConsumerRequestConversation',
      body: { ...options, brandId: session.transport.accountId },
    },
  ]
  const failedCall = toFailedCall('conversation', about)
  const result = parseConversationBatch(batch)
  if (!result.ok) throw new InvalidRequestError(failedCall, result.problems)
  const body = JSON.stringify(batch)
  const answers = await session.actFor(extConsumerId, 'conversation', grant =>
    callOperation(session.transport, { operationId: 'conversation', ...about, ...grant, body }),
  )
  const conversationId = findConversationId(answers, conversationRequestId)
  if (conversationId === undefined) {
    throw new InvalidResponseError(failedCall, 'no answer of the batch has a conversationId')
  }
  return conversationId
}
