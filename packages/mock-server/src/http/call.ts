import {
  errorCodes,
  eventTypes,
  isRecord,
  type Operation,
  type OperationId,
  operations,
} from '@sendbox/schema'
import type { Request, Response } from 'express'
import type { Services } from '../services.ts'
import type { Settings } from '../settings.ts'
import { type ReadJson, readBytes, readJson } from './body.ts'
import { readRequestIds, withFiniteIds } from './request-ids.ts'
import { type Result, refuse } from './response.ts'

/** Types and ids of a payload, read before it is validated; a batch lists all its types and events. */
export interface RequestSubject {
  /** The types of the requests, such as `ms.PublishEvent`. */
  readonly types: readonly string[]
  /** The types of the events, such as `ContentEvent`. */
  readonly events: readonly string[]
  /** The conversation that the first request names, else its dialog: a main dialog has the id of its conversation. Rule: PUB-1. */
  readonly conversationId?: string | undefined
  /** The id of a single request, as its response repeats it. Rules: REQ-2, RES-2. */
  readonly reqId?: string | undefined
  /** The id of each request of a payload, as its response repeats it. */
  readonly reqIds: readonly (string | undefined)[]
}

const none: Readonly<Record<string, unknown>> = {}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  isRecord(value) ? value : none

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined

/** The type of a request, if it has one. */
export const readRequestType = (request: unknown): string | undefined =>
  textOf(fieldsOf(request)['type'])

const eventOf = (request: unknown): unknown =>
  fieldsOf(fieldsOf(fieldsOf(request)['body'])['event'])['type']

const isText = (value: unknown): value is string => typeof value === 'string'

const requestTypes = operations.send.request.options.map(option => option.shape.type.value)

/** The lists of one known type each, which all records of the journal share. */
const listOfOne: ReadonlyMap<unknown, readonly string[]> = new Map(
  [...requestTypes, ...eventTypes].map(type => [type, [type]]),
)

const textsOf = (values: readonly unknown[]): readonly string[] =>
  values.length > 1 ? values.filter(isText) : (listOfOne.get(values[0]) ?? values.filter(isText))

const idOf = (request: unknown): unknown => fieldsOf(request)['id']

const isNumber = (value: unknown): boolean => typeof value === 'number'

/** Whether an id is a number, whose digits the payload may have lost. Rule: RES-2. */
const hasNumberId = (payload: unknown): boolean =>
  Array.isArray(payload) ? payload.map(idOf).some(isNumber) : isNumber(idOf(payload))

/** Reads types and ids of a payload, which need not be valid; `text` is its JSON. */
export function toRequestSubject(payload: unknown, text: string): RequestSubject {
  const requests: readonly unknown[] = Array.isArray(payload) ? payload : [payload]
  const reqIds = hasNumberId(payload)
    ? readRequestIds(payload, text)
    : requests.map(request => textOf(idOf(request)))
  const { conversationId, dialogId } = fieldsOf(fieldsOf(requests[0])['body'])
  return {
    types: textsOf(requests.map(readRequestType)),
    events: textsOf(requests.map(eventOf)),
    conversationId: textOf(conversationId) ?? textOf(dialogId),
    reqId: Array.isArray(payload) ? undefined : reqIds[0],
    reqIds,
  }
}

/** One call of an operation, its body read completely. */
export interface Call {
  readonly operationId: OperationId
  readonly accountId: string
  readonly request: Request<Record<string, string>>
  /** The body, or why it could not be read; empty for an operation without one. */
  readonly bytes: Result<Uint8Array>
  /** The JSON of the body, or why there is none. */
  readonly json: ReadJson
  /** Types and ids of the payload. */
  readonly subject: RequestSubject
  /** Settings of the account when the call arrived. */
  readonly settings: Settings
  /** In ms since the epoch, by the account's clock. */
  readonly receivedAt: number
}

/** The account in a path of any form; a storage path has its own. */
const accountIn = /\/(?:account|v1\/AUTH_async-images)\/([^/?]+)/i

/** The account that the URL of a request names, of an operation or not. */
export function readAccountId(url: string): string | undefined {
  try {
    return decodeURIComponent(accountIn.exec(url)?.[1] ?? '') || undefined
  } catch {
    return undefined
  }
}

/** The parameters of a request's query, as they were sent. */
export const parametersOf = ({ originalUrl }: Pick<Request, 'originalUrl'>): URLSearchParams =>
  new URLSearchParams(/\?([^#]*)/.exec(originalUrl)?.[1])

const noBody: Result<Uint8Array> = { ok: true, value: new Uint8Array() }

const noSubject: RequestSubject = { types: [], events: [], reqIds: [] }

/** Reads a call and its body from its request. */
export async function readCall(
  operationId: OperationId,
  request: Request<Record<string, string>>,
  response: Response,
  services: Services,
): Promise<Call> {
  const accountId = request.params['accountId'] ?? ''
  const settings = services.settings.of(accountId)
  const receivedAt = services.clocks.now(accountId)
  const { method, contentType }: Operation = operations[operationId]
  const limits = operationId === 'upload' && { limit: settings.limits.fileBytes, inflate: false }
  const hasBody = method !== 'GET'
  const bytes = hasBody
    ? await readBytes(request as Request, response, limits || undefined)
    : noBody
  const read =
    contentType === 'application/json'
      ? readJson(request as Request, bytes, settings.limits.jsonValues)
      : refuse(errorCodes.unsupportedMediaType)
  const json =
    read.ok && hasNumberId(read.value) ? { ...read, value: withFiniteIds(read.value) } : read
  const subject = read.ok ? toRequestSubject(read.value, read.text) : noSubject
  return { operationId, accountId, request, bytes, json, subject, settings, receivedAt }
}
