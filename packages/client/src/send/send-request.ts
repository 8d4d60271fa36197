import {
  type GenerateUrlResponse,
  GenerateUrlResponseSchema,
  type PublishEventResponse,
  PublishEventResponseSchema,
  parseSendRequest,
  type RequestId,
  type SendRequest,
  type SendRequestInput,
  type SetUserProfileResponse,
  SetUserProfileResponseSchema,
  type UpdateConversationFieldResponse,
  UpdateConversationFieldResponseSchema,
} from '@sendbox/schema'
import type { z } from 'zod'
import { toUnsentCall } from '../call/attempt.ts'
import type { CallScope } from '../call/deadline.ts'
import { type PerformableCall, performCall } from '../call/execute.ts'
import type { CallOptions } from '../call-options.ts'
import { isRecord } from '../checks.ts'
import type { FailedCall, SentRequest } from '../errors/client-error.ts'
import { InvalidRequestError } from '../errors/local-errors.ts'
import type { ConsumerGrant, Session } from '../session/session.ts'

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined

/** Whose event it is; `conversationId` where it is known and the request does not name it. */
interface EventContext {
  readonly consumer: string
  readonly conversationId: string | undefined
  readonly sentAtMs: number
}

/** Tells of an event by the bytes that left, as the caller may have changed the request since. */
function describeSentEvent(json: string, context: EventContext): SentRequest {
  const { consumer, sentAtMs } = context
  const request: unknown = JSON.parse(json)
  const { id, body } = isRecord(request) ? request : {}
  const { dialogId, conversationId, event } = isRecord(body) ? body : {}
  const sent: SentRequest = {
    operation: 'send',
    consumer,
    requestId: String(id),
    dialogId: textOf(dialogId),
    conversationId: textOf(conversationId) ?? context.conversationId,
    sentAtMs,
  }
  return Object.defineProperty(sent, 'event', { value: event })
}

type WithoutId<Request> = Request extends unknown
  ? { [Key in keyof Request as Key extends 'id' ? never : Key]: Request[Key] }
  : never

/** The body of SEND; where `id` is left out the client numbers it "1", "2", … Rules: REQ-2, REQ-3. */
export type ClientSendRequest = WithoutId<SendRequestInput> & { id?: RequestId }

/** The answer to each type of request: `{reqId, code: "OK", body}`. Rules: RES-1, RES-3, RES-5. */
export interface SendResponseByType {
  'ms.PublishEvent': PublishEventResponse
  'cm.UpdateConversationField': UpdateConversationFieldResponse
  'userprofile.SetUserProfile': SetUserProfileResponse
  'ms.GenerateURLForUploadFile': GenerateUrlResponse
  'ms.GenerateURLForDownloadFile': GenerateUrlResponse
}

const answerSchemas: { [Type in SendRequest['type']]: z.ZodType<SendResponseByType[Type]> } = {
  'ms.PublishEvent': PublishEventResponseSchema,
  'cm.UpdateConversationField': UpdateConversationFieldResponseSchema,
  'userprofile.SetUserProfile': SetUserProfileResponseSchema,
  'ms.GenerateURLForUploadFile': GenerateUrlResponseSchema,
  'ms.GenerateURLForDownloadFile': GenerateUrlResponseSchema,
}

/** What a request is called in messages, valid or not. */
const nameOf = (request: unknown): string =>
  isRecord(request) && typeof request['type'] === 'string' ? request['type'] : 'a request'

/** Who sends, and how. */
export interface SendOptions extends CallOptions {
  readonly consumer: string
  /** The conversation, where it is known and the request need not name it. */
  readonly conversationId?: string
  /** What the client itself lives on, which is checked also where answers are not. */
  readonly leastAnswer?: z.ZodType
  /** What the call is for, where the type of the request says too little. */
  readonly purpose?: string
}

/** A request that is valid and encoded, so that it can wait for its turn. */
export interface PreparedRequest<Type extends SendRequest['type']> {
  readonly about: FailedCall
  /** The conversation, or else the dialog, whose order it keeps. */
  readonly conversationId: string | undefined
  /** Sends it as a step of a call. */
  readonly perform: (scope: CallScope) => Promise<SendResponseByType[Type]>
}

/** A main dialog's id is its conversation's. Rule: PUB-1. */
function conversationIdIn(request: unknown): string | undefined {
  const body = isRecord(request) ? request['body'] : undefined
  if (!isRecord(body)) return undefined
  const id = body['conversationId'] ?? body['dialogId']
  return typeof id === 'string' ? id : undefined
}

/** Validates, numbers and encodes a request as it was given; throws an {@link InvalidRequestError}. Rule: EP-1. */
export function prepareRequest<Request extends ClientSendRequest>(
  session: Session,
  request: Request,
  options: SendOptions,
): PreparedRequest<Request['type']> {
  const { consumer, conversationId, mayActTwice = false, leastAnswer = false } = options
  const { purpose = `Sending ${nameOf(request)}` } = options
  // There is no idempotency key: a repeated event is a second event.
  const actsOnce = request?.type !== 'ms.PublishEvent'
  const about = toUnsentCall('send', { purpose, isRepeatable: actsOnce || mayActTwice })
  const numbered: unknown =
    isRecord(request) && request.id === undefined ? { ...request, id: session.nextId() } : request
  const { requests: mode, answers } = session.checks
  if (mode !== 'off') {
    const result = parseSendRequest(numbered, { mode, limits: session.limits })
    if (!result.ok) throw new InvalidRequestError(about, result.problems)
  }
  const body = JSON.stringify(numbered)
  const type: Request['type'] = request?.type
  const { grant, onFailure } = session.grantFor(consumer, 'send')
  const call: PerformableCall<'send', ConsumerGrant> = {
    operationId: 'send',
    purpose,
    type,
    isRepeatable: about.isRepeatable,
    body,
    headers: session.headers,
    // What is not checked may be of a type that came later.
    answerSchema:
      answers === 'off' ? leastAnswer : Object.hasOwn(answerSchemas, type) && answerSchemas[type],
    describeSent: actsOnce
      ? undefined
      : sentAtMs => describeSentEvent(body, { consumer, conversationId, sentAtMs }),
    grant,
    onFailure,
  }
  const { transport } = session
  return {
    about,
    conversationId: conversationIdIn(numbered),
    perform: scope =>
      performCall(transport, scope, call) as Promise<SendResponseByType[Request['type']]>,
  }
}

/** Sends one request in the order of its conversation, and checks the answer for its type. Rule: EP-1. */
export async function sendRequest<Request extends ClientSendRequest>(
  session: Session,
  request: Request,
  options: SendOptions,
): Promise<SendResponseByType[Request['type']]> {
  const { about, conversationId, perform } = prepareRequest(session, request, options)
  return session.run({ about, options, conversationId, work: perform })
}
