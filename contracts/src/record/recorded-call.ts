import type { OperationId } from '@sendbox/schema'
import type { PassingAnswer, PassingRequest } from '../proxy.ts'

/** A call that passed, of an operation that the schema knows. */
export interface RecordedCall {
  readonly operationId: OperationId
  readonly request: PassingRequest
  readonly answer: PassingAnswer
}

/** The JSON of some bytes; undefined where they are none. */
export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
}
