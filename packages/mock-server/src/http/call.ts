import { errorCodes, type Operation, type OperationId, operations } from '@sendbox/schema'
import type { Request, Response } from 'express'
import type { Services } from '../services.ts'
import { type ReadJson, readBytes, readJson } from './body.ts'
import { type RequestSubject, toRequestSubject } from './request-subject.ts'
import { type Result, refuse } from './response.ts'

/** One call of an operation, its body read completely. */
export interface Call {
  readonly operationId: OperationId
  readonly accountId: string
  readonly request: Request<Record<string, string>>
  /** The body, or why it could not be read; empty for an operation without one. */
  readonly bytes: Result<Uint8Array>
  /** The JSON of the body, or why there is none. */
  readonly json: ReadJson
  /** What the payload is about, read before it is validated. */
  readonly subject: RequestSubject
  /** In ms since the epoch, by the account's clock. */
  readonly receivedAt: number
}

const noBody: Result<Uint8Array> = { ok: true, value: new Uint8Array() }

/** Reads a call and its body from its request. */
export async function readCall(
  operationId: OperationId,
  request: Request<Record<string, string>>,
  response: Response,
  { clocks, settings }: Services,
): Promise<Call> {
  const accountId = request.params['accountId'] ?? ''
  const receivedAt = clocks.of(accountId).now()
  const { method, contentType }: Operation = operations[operationId]
  const limits = operationId === 'upload' && { limit: settings.limits.fileBytes, inflate: false }
  const hasBody = method !== 'GET'
  const bytes = hasBody
    ? await readBytes(request as Request, response, limits || undefined)
    : noBody
  const json =
    contentType === 'application/json'
      ? readJson(request as Request, bytes)
      : refuse(errorCodes.unsupportedMediaType)
  const subject = toRequestSubject(json.ok ? json.value : undefined)
  return { operationId, accountId, request, bytes, json, subject, receivedAt }
}
