import { HttpTarget, type HttpTargetOptions } from '../traces/http-target.ts'
import { type ConversationTracker, trackConversations } from './conversation-tracker.ts'
import { startGateway } from './gateway.ts'
import { createServiceStates, isReachable } from './state-handlers.ts'
import {
  type ItemOutcome,
  type ItemVerifier,
  type UntimedItem,
  verifyInteraction,
} from './verify-interaction.ts'
import { verifyTrace } from './verify-trace.ts'

/** The address of a service other than the mock of this process, and the credentials for it. */
export type ServiceTarget = Pick<
  HttpTargetOptions,
  | 'domainApiUrl'
  | 'accountId'
  | 'clientId'
  | 'clientSecret'
  | 'allowPlainHttp'
  | 'dispatcher'
  | 'wait'
>

/** Verifies with a new consumer, and closes every conversation that was opened, also after an error. */
async function withTracker(
  service: ServiceTarget,
  run: string,
  verify: (target: HttpTarget, tracker: ConversationTracker) => Promise<UntimedItem>,
): Promise<ItemOutcome> {
  const target = new HttpTarget({ ...service, run })
  const tracker = trackConversations(target)
  let item: UntimedItem
  let leftOpen: readonly string[] = []
  try {
    item = await verify(target, tracker)
  } finally {
    leftOpen = await tracker.closeAll()
  }
  return { item, leftOpen }
}

/**
 * Verifies items against a service, each with a new consumer; account, tokens and ids of a pact are replaced by those of the service.
 */
export const atService = (service: ServiceTarget): ItemVerifier => ({
  isReachable,
  canProduce: () => false,
  verifyTrace: (trace, run) =>
    withTracker(service, run, (_, { target }) => verifyTrace(trace, target)),
  verifyInteraction(named, run, pactRun) {
    const { dispatcher, wait } = service
    return withTracker(service, run, async (target, tracker) => {
      const tokensOf = (consumer: string) => target.tokensOf(consumer)
      await using gateway = await startGateway({
        target,
        tokens: () => tokensOf('consumer'),
        aliasAccount: true,
        states: createServiceStates(tracker.target, tokensOf),
        onBatchResponse: response => tracker.track(response, 'consumer'),
        ...(dispatcher && { dispatcher }),
        ...(wait && { wait }),
      })
      return await verifyInteraction(named, { ...pactRun, gateway })
    })
  },
})
