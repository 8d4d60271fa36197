import type { Request, Response } from 'express'
import type { z } from 'zod'
import type { Answer, Checked } from '../http/answer.ts'
import { largestBodyBytes, readBytes, readJson } from '../http/read-body.ts'
import { readInput } from '../read-input.ts'
import type { ControlCall, ControlOperation } from './control-operation.ts'
import { refuseControl } from './control-refusal.ts'

/** A value of a control call, or the answer that refuses it. */
type Part<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly answer: Answer }

const absent: Part<undefined> = { ok: true, value: undefined }

/** A bad value is answered with 400 and `problems`: path, expected, received, message. */
function readPart(schema: z.ZodType, value: unknown): Part<unknown> {
  const result = readInput(schema, value)
  if (result.ok) return result
  const { problems } = result
  const details = problems.map(({ message }) => message).join('\n')
  return { ok: false, answer: refuseControl(400, details, { problems }) }
}

/** Claims that an operation may be called without its body. */
export const isBodyOptional = ({ body }: ControlOperation): boolean =>
  body?.safeParse(undefined).success ?? true

/** The largest body of an operation, in bytes. */
export const largestBodyBytesOf = (operation: ControlOperation): number =>
  operation.largestBodyBytes ?? largestBodyBytes

type BodyRefusal = Extract<Checked<unknown>, { ok: false }>['refusal']

function refuseBytes({ errorCode }: BodyRefusal, operation: ControlOperation): Answer {
  if (errorCode === 41350)
    return refuseControl(
      413,
      `The body of this call may have ${largestBodyBytesOf(operation)} bytes at most`,
    )
  if (errorCode === 41550)
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
): Promise<Part<unknown>> {
  if (operation.body === undefined) return absent
  const limit = largestBodyBytesOf(operation)
  const bytes = await readBytes(request as Request, response, { limit, inflate: true })
  if (bytes.ok && bytes.value.byteLength === 0 && isBodyOptional(operation))
    return readPart(operation.body, undefined)
  const json = readJson(request as Request, bytes)
  if (!json.ok) return { ok: false, answer: refuseBytes(json.refusal, operation) }
  const answer = operation.refuseBody?.(json.value, request.params)
  return answer ? { ok: false, answer } : readPart(operation.body, json.value)
}

/** Reads a call of the control API off its request, or says how it is refused. */
export async function readControlCall(
  operation: ControlOperation,
  request: Request<Record<string, string>>,
  response: Response,
): Promise<Part<ControlCall<never, never>>> {
  const query = operation.query ? readPart(operation.query, { ...request.query }) : absent
  if (!query.ok) return query
  const body = await readBody(operation, request, response)
  if (!body.ok) return body
  const call = { params: request.params, body: body.value, query: query.value }
  return { ok: true, value: call as ControlCall<never, never> }
}
