import { type Operation, type OperationId, operations, type Problem } from '@sendbox/schema'
import type { Request, Response } from 'express'
import type { Services } from '../services.ts'
import { type Soon, whenThere } from '../soon.ts'
import { type ReadJson, readBytes, readJson } from './body.ts'
import { type RequestSubject, toRequestSubject } from './request-subject.ts'
import { type Result, refuse } from './response.ts'

/** What the handlers of a call found out, for the journal. */
export interface CallFacts {
  /** The `lp_consumer_id` that the call acts for. */
  consumerId?: string
  /** The `ext_consumer_id` of that consumer. */
  extConsumerId?: string
  /** The conversation that the call turned out to be about. */
  conversationId?: string
  /** What was taken in spite of something. */
  diagnostics?: readonly Problem[]
  /** What was wrong with the payload, all of it. */
  problems?: readonly Problem[]
}

/** One call of an operation as it came in, its body read once and for all. */
export interface Call {
  readonly operationId: OperationId
  readonly accountId: string
  readonly request: Request<Record<string, string>>
  /** The body, or why it could not be read; empty for an operation without one. */
  readonly bytes: Result<Uint8Array>
  /** The JSON of the body, or why there is none. */
  readonly json: ReadJson
  /** What the payload says that it is about, checked or not. */
  readonly subject: RequestSubject
  /** In ms since the epoch, by the account's clock. */
  readonly receivedAt: number
  readonly notes: CallFacts
}

const noBody: Result<Uint8Array> = { ok: true, value: new Uint8Array() }

const readBytesFor = (
  operationId: OperationId,
  request: Request,
  response: Response,
  { settings }: Services,
): Soon<Result<Uint8Array>> => {
  const { method }: Operation = operations[operationId]
  if (method === 'GET') return noBody
  return operationId === 'upload'
    ? readBytes(request, response, { limit: settings.limits.fileBytes, inflate: false })
    : readBytes(request, response)
}

/** Reads a call off its request. */
export function readCall(
  operationId: OperationId,
  request: Request<Record<string, string>>,
  response: Response,
  service: Services,
): Soon<Call> {
  const accountId = request.params['accountId'] ?? ''
  const receivedAt = service.clocks.of(accountId).now()
  const { contentType }: Operation = operations[operationId]
  const isJson = contentType === 'application/json'
  return whenThere(readBytesFor(operationId, request as Request, response, service), bytes => {
    const json = isJson ? readJson(request as Request, bytes) : refuse(41550)
    const subject = toRequestSubject(json.ok ? json.value : undefined)
    return { operationId, accountId, request, bytes, json, subject, receivedAt, notes: {} }
  })
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The id of a request as its answer repeats it, where it can be read. Rules: REQ-2, RES-2. */
export function readRequestId(request: unknown): string | undefined {
  if (!isRecord(request)) return undefined
  const { id } = request
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined
}

/** The type of a request, where it has one. */
export const readRequestType = (request: unknown): string | undefined =>
  isRecord(request) && typeof request['type'] === 'string' ? request['type'] : undefined
