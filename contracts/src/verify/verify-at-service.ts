import { findAccountId } from '../find-operation.ts'
import type { NamedInteraction } from '../pact/pact-file.ts'
import { HttpTarget, type HttpTargetOptions } from '../traces/http-target.ts'
import type { Trace } from '../traces/trace.ts'
import { type ConversationTracker, trackConversations } from './conversation-tracker.ts'
import { startGateway } from './gateway.ts'
import type { PactVerifier } from './pact-verifier.ts'
import { createServiceStates, isReachable } from './state-handlers.ts'
import {
  toSkipped,
  toSkipReason,
  type UntimedItem,
  verifyInteraction,
} from './verify-interaction.ts'
import { verifyTrace } from './verify-trace.ts'

/** The address of a service other than the mock of this process, and the credentials for it. */
export type ServiceTarget = Pick<
  HttpTargetOptions,
  'domainApiUrl' | 'accountId' | 'clientId' | 'clientSecret' | 'dispatcher' | 'wait'
>

/** The item of a verification, and the conversations that it left open. */
export interface ItemOutcome {
  readonly item: UntimedItem
  /** @default [] */
  readonly leftOpen?: readonly string[]
}

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

/** Replays a trace against a service. */
export const verifyTraceAtService = (
  trace: Trace,
  service: ServiceTarget,
  run: string,
): Promise<ItemOutcome> => withTracker(service, run, (_, { target }) => verifyTrace(trace, target))

/** Verifies an interaction against a service; account, tokens and ids of the pact are replaced by those of the service. */
export async function verifyInteractionAtService(
  named: NamedInteraction,
  service: ServiceTarget,
  { run, verifier, pactFile }: { run: string; verifier: PactVerifier; pactFile: string },
): Promise<ItemOutcome> {
  const reason = toSkipReason(named, { isReachable, canProduce: () => false })
  if (reason !== undefined) return { item: toSkipped(named, reason) }
  const { accountId: atTarget, dispatcher, wait } = service
  const inPact = findAccountId(named.interaction.request?.path ?? '') ?? atTarget
  return withTracker(service, run, async (target, tracker) => {
    const tokensOf = (consumer: string) => target.tokensOf(consumer)
    await using gateway = await startGateway({
      target,
      tokens: () => tokensOf('consumer'),
      states: createServiceStates(tracker.target, tokensOf),
      aliases: inPact === atTarget ? [] : [{ inPact, atTarget }],
      onBatchResponse: response => tracker.track(response, 'consumer'),
      ...(dispatcher && { dispatcher }),
      ...(wait && { wait }),
    })
    return await verifyInteraction(named, { gateway, verifier, pactFile })
  })
}
