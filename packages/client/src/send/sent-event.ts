import { isRecord } from '@sendbox/schema'

/** Number of an event in its dialog, from 0. Rules: SEQ-1, SEQ-4. */
export interface SentEvent {
  readonly sequence: number
}

/** Reads the number of an event; it may be missing if responses are not checked. Rule: RES-3. */
export function toSentEvent(response: unknown): SentEvent {
  const body = isRecord(response) ? response['body'] : undefined
  const { sequence } = (isRecord(body) ? body : {}) as Partial<SentEvent>
  return { sequence: sequence as number }
}
