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
import { callOperation, toFailedCall } from './call-operation.ts'
import { InvalidRequestError } from './invalid-request-error.ts'
import type { Session } from './session.ts'

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

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a request is called in messages, valid or not. */
const nameOf = (request: unknown): string =>
  isRecord(request) && typeof request['type'] === 'string' ? request['type'] : 'a request'

/** Validates a request, sends it as it was given, and checks the answer for its type. Rule: EP-1. */
export async function sendRequest<Request extends ClientSendRequest>(
  session: Session,
  request: Request,
  extConsumerId: string,
): Promise<SendResponseByType[Request['type']]> {
  const about = {
    purpose: `Sending ${nameOf(request)}`,
    // There is no idempotency key: a repeated event is a second event.
    isRepeatable: request?.type !== 'ms.PublishEvent',
  }
  const numbered: unknown =
    isRecord(request) && request.id === undefined ? { ...request, id: session.nextId() } : request
  const result = parseSendRequest(numbered)
  if (!result.ok) throw new InvalidRequestError(toFailedCall('send', about), result.problems)
  const body = JSON.stringify(numbered)
  const type: Request['type'] = request.type
  const answerSchema = answerSchemas[type]
  return session.actFor(extConsumerId, 'send', grant =>
    callOperation(session.transport, {
      operationId: 'send',
      ...about,
      ...grant,
      body,
      answerSchema,
    }),
  )
}
