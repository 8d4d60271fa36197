import { isRecord } from '../checks.ts'
import type { SentEvent } from '../conversation/conversation.ts'

/** Gives the number of an event; where answers are not checked it may be missing. Rule: RES-3. */
export function toSentEvent(answer: unknown): SentEvent {
  const body = isRecord(answer) ? answer['body'] : undefined
  const { sequence } = (isRecord(body) ? body : {}) as Partial<SentEvent>
  return { sequence: sequence as number }
}
