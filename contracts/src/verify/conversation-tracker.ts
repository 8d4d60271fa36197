import { errorCodes } from '@sendbox/schema'
import { findErrorCode } from '../find-operation.ts'
import { type FilledCall, type TraceTarget, withCall } from '../traces/target.ts'
import type { CallStep } from '../traces/trace.ts'

/** Tracks the conversations that are opened through a target. */
export interface ConversationTracker {
  readonly target: TraceTarget
  /** Tracks the conversations in a response to a batch that was sent without this target. */
  track(response: unknown, consumer: string): void
  /** Closes them; returns the ids of those that may still be open. */
  closeAll(): Promise<string[]>
}

/** A call of a consumer that is not part of a trace. */
export const toCall = (
  operation: CallStep['operation'],
  body: unknown,
  consumer = 'consumer',
): FilledCall => ({
  do: 'call',
  title: operation,
  rules: ['EP-1'],
  source: 'SEND',
  evidence: 'documented',
  operation,
  consumer,
  params: {},
  path: undefined,
  query: {},
  body,
  answer: { status: 200 },
})

/** The request that closes a conversation. Rule: UPD-2. */
export const toCloseBody = (conversationId: string): unknown => ({
  kind: 'req',
  id: '1',
  type: 'cm.UpdateConversationField',
  body: {
    conversationId,
    conversationField: { field: 'ConversationStateField', conversationState: 'CLOSE' },
  },
})

/** Every conversation id in the response to a batch. Rule: RES-4. */
function findConversationIds(json: unknown): string[] {
  if (typeof json !== 'object' || json === null) return []
  return Object.entries(json).flatMap(([name, value]) =>
    name === 'conversationId' && typeof value === 'string' ? [value] : findConversationIds(value),
  )
}

async function close(
  target: TraceTarget,
  conversationId: string,
  consumer: string,
): Promise<boolean> {
  try {
    const [allowed] = await target.call(toCall('send', toCloseBody(conversationId), consumer))
    const { status, body } = allowed?.response ?? { status: 0, body: undefined }
    return (
      status === 200 || (status === 400 && findErrorCode(body) === errorCodes.conversationClosed)
    )
  } catch {
    return false
  }
}

/** Tracks the conversations that a target opens, so that a run leaves none open. */
export function trackConversations(target: TraceTarget): ConversationTracker {
  const consumers = new Map<string, string>()
  const track = (response: unknown, consumer: string): void => {
    for (const id of findConversationIds(response)) consumers.set(id, consumer)
  }
  return {
    track,
    target: withCall(target, async call => {
      const allowed = await target.call(call)
      if (call.operation === 'conversation')
        for (const { response } of allowed) track(response.body, call.consumer)
      return allowed
    }),
    async closeAll() {
      const leftOpen: string[] = []
      for (const [conversationId, consumer] of consumers)
        if (!(await close(target, conversationId, consumer))) leftOpen.push(conversationId)
      consumers.clear()
      return leftOpen
    },
  }
}
