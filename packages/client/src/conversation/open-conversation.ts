import {
  type ConsumerRequestConversationRequestSchema,
  type ConversationBatchInput,
  isRecord,
  parseConversationBatch,
  type SetUserProfileRequestSchema,
} from '@sendbox/schema'
import type { z } from 'zod'
import { toCallInfo } from '../call/attempt.ts'
import { executeWithRetry } from '../call/execute.ts'
import { acceptsDuplicates, type CallOptions } from '../call-options.ts'
import type { SentRequest } from '../errors/client-error.ts'
import { InvalidRequestError, InvalidResponseError } from '../errors/local-errors.ts'
import type { Session } from '../session/session.ts'

type ConsumerRequestConversationBody = z.input<
  typeof ConsumerRequestConversationRequestSchema
>['body']

/** A consumer's profile, with LivePerson's field names. Rule: PRO-1. */
export type Profile = z.input<typeof SetUserProfileRequestSchema>['body']

/** Options of a new conversation, with LivePerson's field names. Rule: CON-1. */
export interface OpenConversationOptions
  extends CallOptions,
    Pick<
      ConsumerRequestConversationBody,
      'skillId' | 'ttrDefName' | 'campaignInfo' | 'conversationContext' | 'channelType'
    > {
  /** The consumer's profile, first in the batch; `{}` by default. Rule: PRO-1. */
  profile?: Profile
}

const purpose = 'Opening a conversation'

function conversationIdIn(response: unknown): string | undefined {
  const body = isRecord(response) ? response['body'] : undefined
  const id = isRecord(body) ? body['conversationId'] : undefined
  return typeof id === 'string' && id !== '' ? id : undefined
}

/** Matches by `reqId`, else the first response with an id, as real connectors do. Rule: RES-2. */
function findConversationId(responses: unknown, reqId: string): string | undefined {
  const all: readonly unknown[] = Array.isArray(responses) ? responses : [responses]
  const own = all.filter(response => isRecord(response) && response['reqId'] === reqId)
  return [...own, ...all].map(conversationIdIn).find(id => id !== undefined)
}

/** Opens a conversation in one batch with the profile; returns its id. Rules: EP-2, CON-2, CON-3. */
export async function openConversation(
  session: Session,
  consumer: string,
  options: OpenConversationOptions,
): Promise<string> {
  const { profile = {}, signal, timeoutMs, retryNonIdempotent, mayActTwice, ...body } = options
  const { transport } = session
  const profileId = session.nextId()
  const requestId = session.nextId()
  const batch: ConversationBatchInput = [
    { kind: 'req', id: profileId, type: 'userprofile.SetUserProfile', body: profile },
    {
      kind: 'req',
      id: requestId,
      type: 'cm.ConsumerRequestConversation',
      body: { ...body, brandId: transport.accountId },
    },
  ]
  // There is no idempotency key: a retry may open a second conversation.
  const idempotent = acceptsDuplicates({ retryNonIdempotent, mayActTwice })
  const callInfo = toCallInfo('conversation', { purpose, idempotent })
  const { requests: mode, responses: checksResponses } = session.checks
  if (mode !== 'off') {
    const result = parseConversationBatch(batch, { mode, limits: session.limits })
    if (!result.ok) throw new InvalidRequestError(callInfo, result.problems)
  }
  const encoded = JSON.stringify(batch)
  const describeSent = (sentAtMs: number): SentRequest => ({
    operation: 'conversation',
    consumer,
    requestId,
    sentAtMs,
  })
  return session.run({
    callInfo,
    options: { signal, timeoutMs },
    work: async scope => {
      const responses: unknown = await executeWithRetry(transport, scope, {
        operationId: 'conversation',
        purpose,
        idempotent,
        body: encoded,
        headers: session.headers,
        describeSent,
        ...(checksResponses === 'off' && { responseSchema: false }),
        ...session.endpointFor(consumer, 'conversation'),
      })
      const conversationId = findConversationId(responses, requestId)
      if (conversationId !== undefined) return conversationId
      const call = { ...callInfo, wasSent: true, attempts: 1, sent: describeSent(transport.now()) }
      throw new InvalidResponseError(call, 'no answer of the batch has a conversationId')
    },
  })
}
