import {
  type Operation,
  operations,
  parseConversationBatch,
  parseSendRequest,
} from '@sendbox/schema'
import type { z } from 'zod'
import { parseJson, type RecordedCall } from './recorded-call.ts'

const toProblems = ({ issues }: z.ZodError): string[] =>
  issues.map(({ path, message }) => `/${path.map(String).join('/')}: ${message}`)

/** A token call may carry its parameters in the query, so its body is not checked. Rule: EP-10.1. */
function checkRequest({ operationId, request }: RecordedCall): string[] {
  const { request: schema }: Operation = operations[operationId]
  if (schema === undefined || operationId === 'appToken') return []
  const json = parseJson(request.bytes)
  if (json === undefined) return ['the body is not JSON']
  if (operationId === 'send' || operationId === 'conversation') {
    const parsed = operationId === 'send' ? parseSendRequest(json) : parseConversationBatch(json)
    return parsed.ok ? [] : parsed.problems.map(({ message }) => message)
  }
  const parsed = schema.safeParse(json)
  return parsed.success ? [] : toProblems(parsed.error)
}

function checkAnswer({ operationId, answer }: RecordedCall): string[] {
  const { responses }: Operation = operations[operationId]
  const schema = responses[answer.status]
  if (schema === undefined)
    return [`the status ${answer.status} is none that the operation is known to answer`]
  if (schema === 'bytes' || schema === 'empty') return []
  const json = parseJson(answer.bytes)
  if (json === undefined) return ['the body is not JSON']
  const parsed = schema.safeParse(json)
  return parsed.success ? [] : toProblems(parsed.error)
}

/** Says where a call and its answer are not as the schema has them. */
export const checkCall = (call: RecordedCall): string[] => [
  ...checkRequest(call).map(problem => `request: ${problem}`),
  ...checkAnswer(call).map(problem => `answer: ${problem}`),
]
