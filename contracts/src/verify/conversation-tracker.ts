import { errorCodes } from '@sendbox/schema'
import { findErrorCode } from '../find-operation.ts'
import { stringsIn } from '../json.ts'
import {
  type FilledCall,
  type TargetResponse,
  type TraceTarget,
  withCall,
} from '../traces/target.ts'
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

/** Makes a call of a consumer; without a response, the status is 0. */
export async function callAsConsumer(
  target: TraceTarget,
  ...call: Parameters<typeof toCall>
): Promise<TargetResponse> {
  const [allowed] = await target.call(toCall(...call))
  return allowed?.response ?? { status: 0, body: undefined }
}

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

async function close(
  target: TraceTarget,
  conversationId: string,
  consumer: string,
): Promise<boolean> {
  try {
    const closing = toCloseBody(conversationId)
    const { status, body } = await callAsConsumer(target, 'send', closing, consumer)
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
    // Rule: RES-4.
    for (const id of stringsIn(response, 'conversationId')) consumers.set(id, consumer)
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
