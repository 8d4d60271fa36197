import {
  type Operation,
  type OperationId,
  operations,
  parseConversationBatch,
  parseSendRequest,
  toSent,
} from '@sendbox/schema'
import type { z } from 'zod'
import { parseJson } from '../json.ts'
import type { ProxyRequest, ProxyResponse } from '../proxy.ts'

/** A call of an operation of the schema, with its response. */
export interface RecordedCall {
  readonly operationId: OperationId
  readonly request: ProxyRequest
  readonly response: ProxyResponse
}

function checkJson(schema: z.ZodType, json: unknown): string[] {
  const parsed = schema.safeParse(json)
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `/${path.map(String).join('/')}: ${message}`)
}

/** The body of a token call is not checked: its parameters may be in the query. Rule: EP-10.1. */
function checkRequest({ operationId, request }: RecordedCall): string[] {
  const { request: schema }: Operation = operations[operationId]
  if (schema === undefined || operationId === 'appToken') return []
  const json = parseJson(request.bytes)
  if (json === undefined) return ['the body is not JSON']
  if (operationId !== 'send' && operationId !== 'conversation') return checkJson(schema, json)
  const parsed = operationId === 'send' ? parseSendRequest(json) : parseConversationBatch(json)
  return parsed.ok ? [] : parsed.problems.map(({ message }) => message)
}

function checkResponse({ operationId, response }: RecordedCall): string[] {
  const { responses }: Operation = operations[operationId]
  const schema = responses[response.status]
  if (schema === undefined)
    return [`the status ${response.status} is none that the operation is known to answer`]
  if (schema === 'bytes' || schema === 'empty') return []
  const json = parseJson(response.bytes)
  return json === undefined ? ['the body is not JSON'] : checkJson(toSent(schema), json)
}

/** The differences of request and response from the schema. */
export const checkCall = (call: RecordedCall): string[] => [
  ...checkRequest(call).map(problem => `request: ${problem}`),
  ...checkResponse(call).map(problem => `answer: ${problem}`),
]
