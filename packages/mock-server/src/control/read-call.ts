import { errorCodes, type Result } from '@sendbox/schema'
import type { Request, Response } from 'express'
import type { z } from 'zod'
import { maxBodyBytes, readBytes, readJson } from '../http/body.ts'
import type { Refusal, ServiceResponse } from '../http/response.ts'
import { checkInput } from '../parse-input.ts'
import { defaultJsonValues } from '../settings.ts'
import { type ControlCall, type ControlOperation, refuseControl } from './operation.ts'

type ReadResult<Value> = Result<Value, ServiceResponse>

const absent = { ok: true, value: undefined } as const

/** Refuses an invalid value with 400 and `problems`: path, expected, received, message; no secret is quoted. */
export function checkControlInput(
  schema: z.ZodType,
  value: unknown,
  secrets: readonly string[],
): ReadResult<unknown> {
  const result = checkInput(schema, value, secrets)
  if (result.ok) return result
  const problems = result.refusal
  const details = problems.map(({ message }) => message).join('\n')
  return { ok: false, refusal: refuseControl(400, details, { problems }) }
}

/** True if an operation can be called without a body. */
export const isBodyOptional = ({ body }: ControlOperation): boolean =>
  body?.safeParse(undefined).success ?? true

/** The maximum size of an operation's body, in bytes. */
export const maxBodyBytesOf = (operation: ControlOperation): number =>
  operation.maxBodyBytes ?? maxBodyBytes

function refuseBytes({ errorCode, reason }: Refusal, operation: ControlOperation): ServiceResponse {
  if (errorCode === errorCodes.payloadTooLarge && reason !== undefined)
    return refuseControl(413, `The body of this call has ${reason}`)
  if (errorCode === errorCodes.payloadTooLarge)
    return refuseControl(
      413,
      `The body of this call may have ${maxBodyBytesOf(operation)} bytes at most`,
    )
  if (errorCode === errorCodes.unsupportedMediaType)
    return refuseControl(
      415,
      'The body must be JSON: send it with "Content-Type: application/json"',
    )
  return refuseControl(400, 'The body is no JSON in UTF-8, or nested too deeply')
}

async function readBody(
  operation: ControlOperation,
  request: Request<Record<string, string>>,
  response: Response,
  secrets: readonly string[],
): Promise<ReadResult<unknown>> {
  if (operation.body === undefined) return absent
  const limit = maxBodyBytesOf(operation)
  const values = operation.maxJsonValues ?? defaultJsonValues
  const bytes = await readBytes(request as Request, response, { limit, inflate: true, values })
  if (bytes.ok && bytes.value.byteLength === 0 && isBodyOptional(operation))
    return checkControlInput(operation.body, undefined, secrets)
  const json = readJson(request as Request, bytes, values)
  if (!json.ok) return { ok: false, refusal: refuseBytes(json.refusal, operation) }
  const refusal = operation.refuseBody?.(json.value, request.params)
  return refusal ? { ok: false, refusal } : checkControlInput(operation.body, json.value, secrets)
}

/** Reads and checks query and body of a call, or returns the response that refuses it. */
export async function readControlCall(
  operation: ControlOperation,
  request: Request<Record<string, string>>,
  response: Response,
  secrets: readonly string[],
): Promise<ReadResult<ControlCall<never, never>>> {
  const query = operation.query
    ? checkControlInput(operation.query, { ...request.query }, secrets)
    : absent
  if (!query.ok) return query
  const body = await readBody(operation, request, response, secrets)
  if (!body.ok) return body
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const { params } = request
  const call = {
    params,
    body: body.value,
    query: query.value,
    signal: gone.signal,
    lastEventId: request.get('last-event-id'),
  }
  return { ok: true, value: call as ControlCall<never, never> }
}
