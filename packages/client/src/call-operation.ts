import { type Operation, type OperationId, operations, toPath } from '@sendbox/schema'
import { type Dispatcher, request } from 'undici'
import type { z } from 'zod'
import type { FailedCall } from './client-error.ts'
import { ConnectionError } from './connection-error.ts'
import { InvalidResponseError } from './invalid-response-error.ts'
import { parseAnswer } from './parse-answer.ts'
import { readFailure } from './read-failure.ts'

type ResponsesOf<Id extends OperationId> = (typeof operations)[Id]['responses']

/** The schema of an operation's success, read from its table row. */
type SuccessSchema<Id extends OperationId> = {
  [Status in keyof ResponsesOf<Id> & number]: `${Status}` extends `2${string}`
    ? ResponsesOf<Id>[Status]
    : never
}[keyof ResponsesOf<Id> & number] &
  z.ZodType

type TextForEach<Names extends readonly string[]> = { readonly [Index in keyof Names]: string }

/** How calls of one account leave. */
export interface Transport {
  readonly accountId: string
  readonly dispatcher: Dispatcher
}

/** One call of an operation. */
export interface OperationCall<Id extends OperationId, Schema extends z.ZodType> {
  readonly operationId: Id
  /** What the call is for, as the subject of a message: `Sending ms.PublishEvent`. */
  readonly purpose: string
  readonly isRepeatable: boolean
  /** Scheme, host and port, without a slash at the end. */
  readonly origin: string
  /** One value for each header field of the operation, in the table's order. */
  readonly credentials: TextForEach<(typeof operations)[Id]['headers']>
  /** The encoded body, for an operation that has one. */
  readonly body?: string
  /** What no message may show, beside the credentials. */
  readonly secrets?: readonly string[]
  /** A narrower schema than the table's, where the table leaves a choice. */
  readonly answerSchema?: Schema
}

/** Names a call for the errors that tell of it. */
export const toFailedCall = (
  operationId: OperationId,
  { purpose, isRepeatable }: Pick<FailedCall, 'purpose' | 'isRepeatable'>,
): FailedCall => ({
  purpose,
  isRepeatable,
  method: operations[operationId].method,
  path: operations[operationId].path,
})

function readSuccess(
  schema: z.ZodType | undefined,
  failedCall: FailedCall,
  { status, text }: { readonly status: number; readonly text: string },
): unknown {
  if (schema === undefined) {
    throw new InvalidResponseError(failedCall, `the protocol knows no status ${status} here`)
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's own error quotes the body, which may hold a token.
    throw new InvalidResponseError(failedCall, 'the body is not JSON')
  }
  const result = parseAnswer(schema, value)
  if (!result.ok) throw new InvalidResponseError(failedCall, result.fault, { cause: result.cause })
  return result.answer
}

/** Makes one call as its row of the operations table says, and checks what comes back. */
export async function callOperation<
  Id extends OperationId,
  Schema extends z.ZodType = SuccessSchema<Id>,
>(transport: Transport, call: OperationCall<Id, Schema>): Promise<z.output<Schema>> {
  const operation: Operation = operations[call.operationId]
  const credentials: readonly string[] = call.credentials
  const failedCall = toFailedCall(call.operationId, call)
  const path = toPath(operation.path, { accountId: transport.accountId })
  const url = `${call.origin}${path}?${new URLSearchParams(operation.query).toString()}`
  const headers = Object.fromEntries(
    operation.headers.map((name, index) => [name, credentials[index]]),
  )
  if (operation.contentType !== undefined) headers['Content-Type'] = operation.contentType

  let status: number
  let text: string
  try {
    const { method } = operation
    const response = await request(url, {
      dispatcher: transport.dispatcher,
      method,
      headers,
      body: call.body ?? null,
    })
    status = response.statusCode
    text = await response.body.text()
  } catch (cause) {
    throw new ConnectionError(failedCall, cause)
  }

  if (status < 200 || status > 299) {
    const secrets = [...credentials, ...(call.secrets ?? [])]
    throw readFailure(operation, failedCall, { status, text, secrets })
  }
  const known = operation.responses[status]
  const schema = typeof known === 'string' ? undefined : known && (call.answerSchema ?? known)
  return readSuccess(schema, failedCall, { status, text }) as z.output<Schema>
}
