import type { FilledCall, TraceTarget } from '../traces/target.ts'
import type { CallStep } from '../traces/trace.ts'

/** A target that remembers the conversations that were opened through it. */
export interface OwnConversations {
  readonly target: TraceTarget
  /** Remembers what the answer to a batch opened that was sent another way. */
  remember(answer: unknown, consumer: string): void
  /** Closes them; answers the ids of those that may still be open. */
  closeAll(): Promise<string[]>
}

/** Makes a call for a consumer that no trace describes. */
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

/** The ids that the answer to a batch names, wherever they stand. Rule: RES-4. */
function findConversationIds(json: unknown): string[] {
  if (typeof json !== 'object' || json === null) return []
  return Object.entries(json).flatMap(([name, value]) =>
    name === 'conversationId' && typeof value === 'string' ? [value] : findConversationIds(value),
  )
}

const alreadyClosedCode = 40054

const errorCodeOf = (json: unknown): unknown =>
  (json as { body?: { errorCode?: unknown } } | undefined)?.body?.errorCode

async function close(
  target: TraceTarget,
  conversationId: string,
  consumer: string,
): Promise<boolean> {
  try {
    const [allowed] = await target.call(toCall('send', toCloseBody(conversationId), consumer))
    const { status, body } = allowed?.answer ?? { status: 0, body: undefined }
    return status === 200 || (status === 400 && errorCodeOf(body) === alreadyClosedCode)
  } catch {
    return false
  }
}

/** Remembers the conversations that a target opens, so that a run leaves none behind. */
export function rememberConversations(target: TraceTarget): OwnConversations {
  const opened = new Map<string, string>()
  const remember = (answer: unknown, consumer: string): void => {
    for (const id of findConversationIds(answer)) opened.set(id, consumer)
  }
  return {
    remember,
    target: {
      offers: target.offers,
      variables: target.variables,
      async call(call) {
        const allowed = await target.call(call)
        if (call.operation === 'conversation')
          for (const { answer } of allowed) remember(answer.body, call.consumer)
        return allowed
      },
      act: (conversationId, action) => target.act(conversationId, action),
      show: conversationId => target.show(conversationId),
      nextNotification: (conversationId, wish) => target.nextNotification(conversationId, wish),
    },
    async closeAll() {
      const leftOpen: string[] = []
      for (const [conversationId, consumer] of opened)
        if (!(await close(target, conversationId, consumer))) leftOpen.push(conversationId)
      opened.clear()
      return leftOpen
    },
  }
}
