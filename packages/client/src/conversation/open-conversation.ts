import {
  type ConsumerRequestConversationRequestSchema,
  type ConversationBatchInput,
  parseConversationBatch,
  type SetUserProfileRequestSchema,
} from '@sendbox/schema'
import type { z } from 'zod'
import { toUnsentCall } from '../call/attempt.ts'
import { performCall } from '../call/execute.ts'
import type { CallOptions } from '../call-options.ts'
import { isRecord } from '../checks.ts'
import type { SentRequest } from '../errors/client-error.ts'
import { InvalidRequestError, InvalidResponseError } from '../errors/local-errors.ts'
import type { Session } from '../session/session.ts'

type ConsumerRequestConversationBody = z.input<
  typeof ConsumerRequestConversationRequestSchema
>['body']

/** The consumer's profile, as LivePerson names its fields. Rule: PRO-1. */
export type Profile = z.input<typeof SetUserProfileRequestSchema>['body']

/**
 * What a new conversation may say of itself, each field as LivePerson names it: `skillId` (up to
 * 10 digits, "-1" for any), `ttrDefName`, `campaignInfo`, `conversationContext`, `channelType`.
 * Rule: CON-1.
 */
export interface OpenConversationOptions
  extends CallOptions,
    Pick<
      ConsumerRequestConversationBody,
      'skillId' | 'ttrDefName' | 'campaignInfo' | 'conversationContext' | 'channelType'
    > {
  /**
   * The consumer's profile, which goes first in the batch. Rule: PRO-1.
   *
   * @default {}
   */
  profile?: Profile
}

const purpose = 'Opening a conversation'

function conversationIdIn(answer: unknown): string | undefined {
  const body = isRecord(answer) ? answer['body'] : undefined
  const id = isRecord(body) ? body['conversationId'] : undefined
  return typeof id === 'string' ? id : undefined
}

/** By `reqId`; real connectors also take the first answer that has one. Rule: RES-2. */
function findConversationId(answers: unknown, reqId: string): string | undefined {
  const all: readonly unknown[] = Array.isArray(answers) ? answers : []
  const own = all.filter(answer => isRecord(answer) && answer['reqId'] === reqId)
  return [...own, ...all].map(conversationIdIn).find(id => id !== undefined)
}

/** Opens a conversation in one batch with the profile, and gives its id. Rules: EP-2, CON-2, CON-3. */
export async function openConversation(
  session: Session,
  consumer: string,
  { profile = {}, signal, timeoutMs, mayActTwice = false, ...body }: OpenConversationOptions,
): Promise<string> {
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
  // There is no idempotency key: a repeat may open a second one.
  const about = toUnsentCall('conversation', { purpose, isRepeatable: mayActTwice })
  const { requests: mode, answers: checksAnswers } = session.checks
  if (mode !== 'off') {
    const result = parseConversationBatch(batch, { mode, limits: session.limits })
    if (!result.ok) throw new InvalidRequestError(about, result.problems)
  }
  const encoded = JSON.stringify(batch)
  return session.run({
    about,
    options: { signal, timeoutMs },
    work: async scope => {
      const describeSent = (sentAtMs: number): SentRequest => ({
        operation: 'conversation',
        consumer,
        requestId,
        sentAtMs,
      })
      const answers: unknown = await performCall(transport, scope, {
        operationId: 'conversation',
        purpose,
        isRepeatable: mayActTwice,
        body: encoded,
        headers: session.headers,
        describeSent,
        ...(checksAnswers === 'off' && { answerSchema: false }),
        ...session.grantFor(consumer, 'conversation'),
      })
      const conversationId = findConversationId(answers, requestId)
      if (conversationId !== undefined) return conversationId
      const call = { ...about, wasSent: true, attempts: 1, sent: describeSent(transport.now()) }
      throw new InvalidResponseError(call, 'no answer of the batch has a conversationId')
    },
  })
}
