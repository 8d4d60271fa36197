import {
  type GenerateUrlResponse,
  GenerateUrlResponseSchema,
  isRecord,
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
import { toCallInfo } from '../call/attempt.ts'
import type { CallScope } from '../call/deadline.ts'
import { executeWithRetry, type RetriedCall } from '../call/execute.ts'
import {
  NeededFileUrlSchema,
  NeededSequenceSchema,
  NothingNeededSchema,
} from '../call/needed-response.ts'
import { acceptsDuplicates, type CallOptions } from '../call-options.ts'
import type { CallInfo, SentRequest } from '../errors/client-error.ts'
import { InvalidRequestError } from '../errors/local-errors.ts'
import type { ConsumerEndpoint, Session } from '../session/session.ts'

type WithoutId<Request> = Request extends unknown
  ? { [Key in keyof Request as Key extends 'id' ? never : Key]: Request[Key] }
  : never

/** Body of SEND; the client numbers requests without `id`: "1", "2", … Rules: REQ-2, REQ-3. */
export type ClientSendRequest = WithoutId<SendRequestInput> & { id?: RequestId }

/**
 * Response by request type as documented: `{reqId, code: "OK", body}`. Checked is only what a caller cannot do without: the `sequence` of
 * a published event, path and query parameters of a file's URL. Any other part may differ; the client's log then says how.
 * Rules: RES-1, RES-3, RES-5.
 */
export interface SendResponseByType {
  'ms.PublishEvent': PublishEventResponse
  'cm.UpdateConversationField': UpdateConversationFieldResponse
  'userprofile.SetUserProfile': SetUserProfileResponse
  'ms.GenerateURLForUploadFile': GenerateUrlResponse
  'ms.GenerateURLForDownloadFile': GenerateUrlResponse
}

const responseSchemas: { [Type in SendRequest['type']]: z.ZodType<SendResponseByType[Type]> } = {
  'ms.PublishEvent': PublishEventResponseSchema,
  'cm.UpdateConversationField': UpdateConversationFieldResponseSchema,
  'userprofile.SetUserProfile': SetUserProfileResponseSchema,
  'ms.GenerateURLForUploadFile': GenerateUrlResponseSchema,
  'ms.GenerateURLForDownloadFile': GenerateUrlResponseSchema,
}

const neededSchemas: Readonly<Record<SendRequest['type'], z.ZodType>> = {
  'ms.PublishEvent': NeededSequenceSchema,
  'cm.UpdateConversationField': NothingNeededSchema,
  'userprofile.SetUserProfile': NothingNeededSchema,
  'ms.GenerateURLForUploadFile': NeededFileUrlSchema,
  'ms.GenerateURLForDownloadFile': NeededFileUrlSchema,
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined

const bodyOf = (request: unknown): Readonly<Record<string, unknown>> => {
  const body = isRecord(request) ? request['body'] : undefined
  return isRecord(body) ? body : {}
}

/** Describes an event by the JSON that was sent, as the caller may have changed the request since. */
function describeSentEvent(
  json: string,
  context: Pick<SentRequest, 'consumer' | 'conversationId' | 'sentAtMs'>,
): SentRequest {
  const request: unknown = JSON.parse(json)
  const { dialogId, conversationId, event } = bodyOf(request)
  const sent: SentRequest = {
    operation: 'send',
    consumer: context.consumer,
    requestId: String(isRecord(request) ? request['id'] : undefined),
    dialogId: textOf(dialogId),
    conversationId: textOf(conversationId) ?? context.conversationId,
    sentAtMs: context.sentAtMs,
  }
  return Object.defineProperty(sent, 'event', { value: event })
}

const nameOf = (request: unknown): string =>
  (isRecord(request) ? textOf(request['type']) : undefined) ?? 'a request'

export interface SendOptions extends CallOptions {
  readonly consumer: string
  /** The conversation, if the request does not name it. */
  readonly conversationId?: string
  /** Schema that applies even if responses are not checked. */
  readonly minResponseSchema?: z.ZodType
  /** Subject of error messages. */
  readonly purpose?: string
}

/** A validated and encoded request that can wait in a queue. */
export interface PreparedRequest<Type extends SendRequest['type']> {
  readonly callInfo: CallInfo
  /** The queue that it joins: its conversation, or else its dialog. */
  readonly conversationId: string | undefined
  /** Sends it as part of a call. */
  readonly execute: (scope: CallScope) => Promise<SendResponseByType[Type]>
}

/** Validates, numbers and encodes a request; throws an {@link InvalidRequestError}. Rule: EP-1. */
export function prepareRequest<Request extends ClientSendRequest>(
  session: Session,
  request: Request,
  options: SendOptions,
): PreparedRequest<Request['type']> {
  const { consumer, conversationId, minResponseSchema = false } = options
  const { purpose = `Sending ${nameOf(request)}` } = options
  // There is no idempotency key: a retried event is a second event.
  const isEvent = request?.type === 'ms.PublishEvent'
  const idempotent = !isEvent || acceptsDuplicates(options)
  const callInfo = toCallInfo('send', { purpose, idempotent })
  const numbered: unknown =
    isRecord(request) && request.id === undefined ? { ...request, id: session.nextId() } : request
  const { requests: mode, responses } = session.checks
  if (mode !== 'off') {
    const result = parseSendRequest(numbered, { mode, limits: session.limits })
    if (!result.ok) throw new InvalidRequestError(callInfo, result.problems)
  }
  const body = JSON.stringify(numbered)
  const type: Request['type'] = request?.type
  const call: RetriedCall<'send', ConsumerEndpoint> = {
    operationId: 'send',
    purpose,
    type,
    idempotent,
    body,
    headers: session.headers,
    // An unchecked request may have a type that the schema does not know.
    responseSchema:
      responses === 'off'
        ? minResponseSchema
        : Object.hasOwn(neededSchemas, type) && neededSchemas[type],
    documentedSchema: Object.hasOwn(responseSchemas, type) ? responseSchemas[type] : undefined,
    describeSent: isEvent
      ? sentAtMs => describeSentEvent(body, { consumer, conversationId, sentAtMs })
      : undefined,
    ...session.endpointFor(consumer, 'send'),
  }
  const { transport } = session
  const target = bodyOf(numbered)
  return {
    callInfo,
    // The id of a main dialog is that of its conversation. Rule: PUB-1.
    conversationId: textOf(target['conversationId'] ?? target['dialogId']) ?? conversationId,
    execute: scope =>
      executeWithRetry(transport, scope, call) as Promise<SendResponseByType[Request['type']]>,
  }
}

/** Sends one request in the queue of its conversation and checks the response. Rule: EP-1. */
export async function sendRequest<Request extends ClientSendRequest>(
  session: Session,
  request: Request,
  options: SendOptions,
): Promise<SendResponseByType[Request['type']]> {
  const { callInfo, conversationId, execute } = prepareRequest(session, request, options)
  return session.run({ callInfo, options, conversationId, work: execute })
}
