import {
  type Operation,
  operations,
  parseConversationBatch,
  parseNotification,
  parseSendRequest,
  toInputProblems,
  toSent,
} from '@sendbox/schema'
import type { z } from 'zod'
import { findOperation } from '../../src/find-operation.ts'
import type { PactFile, PactFileInteraction } from '../../src/pact/pact-file.ts'

/** A call of a pact file. */
export type PactFileCall = Extract<PactFileInteraction, { type: 'Synchronous/HTTP' }>

function findMismatches(schema: z.ZodType, value: unknown): string[] {
  const result = schema.safeParse(value)
  return result.success
    ? []
    : toInputProblems(schema, value, result.error).map(({ message }) => message)
}

/** SEND and CONVERSATION have parsers, with more precise problems. */
function checkRequest(operation: Operation, { request }: PactFileCall): string[] {
  const content = request.body?.content
  if (operation === operations.send || operation === operations.conversation) {
    const parse = operation === operations.send ? parseSendRequest : parseConversationBatch
    const parsed = parse(content)
    return parsed.ok ? [] : parsed.problems.map(({ message }) => message)
  }
  if (operation.request === undefined) return []
  const query = Object.entries(request.query ?? {}).map(([name, [value = '']]) => [name, value])
  const form = typeof content === 'string' ? [...new URLSearchParams(content)] : undefined
  const value: unknown = form ? Object.fromEntries([...query, ...form]) : content
  return findMismatches(operation.request, value)
}

function checkResponse(
  operation: Operation,
  { response: { status, body } }: PactFileCall,
): string[] {
  const known = operation.responses[status]
  if (known === undefined) return [`the operation knows no status ${status}`]
  if (known === 'bytes') return typeof body?.content === 'string' ? [] : ['expected bytes']
  if (known === 'empty') return body === undefined ? [] : ['expected no body']
  return findMismatches(toSent(known), body?.content)
}

function checkInteraction(interaction: PactFileInteraction): string[] {
  if (interaction.type === 'Asynchronous/Messages') {
    const parsed = parseNotification(interaction.contents.content, { mode: 'strict' })
    return parsed.ok ? [] : parsed.problems.map(({ message }) => message)
  }
  const { method, path } = interaction.request
  const id = findOperation(method, path)
  if (id === undefined) return [`${method} ${path} is no operation of the table`]
  return [
    ...checkRequest(operations[id], interaction).map(problem => `request: ${problem}`),
    ...checkResponse(operations[id], interaction).map(problem => `response: ${problem}`),
  ]
}

/** Every example parses with the schema: requests and responses by their operation, messages as notifications. */
export const checkExamples = (pact: PactFile): string[] =>
  pact.interactions.flatMap(interaction =>
    checkInteraction(interaction).map(
      problem => `Interaction "${interaction.description}", ${problem}`,
    ),
  )
