import { HttpTarget, type HttpTargetOptions } from '../traces/http-target.ts'
import type { Trace } from '../traces/trace.ts'
import { rememberConversations } from './conversation-tracker.ts'
import { startInteractionGateway } from './interaction-gateway.ts'
import { createServiceStates, isReachable } from './interaction-states.ts'
import type { InteractionVerifier } from './interaction-verifier.ts'
import { accountIn, type NamedInteraction } from './pact-interactions.ts'
import { toLeftOut, type UntimedItem, verifyInteraction, whyLeftOut } from './verify-interaction.ts'
import { verifyTrace } from './verify-trace.ts'

/** A service that is not the mock of this process, and whom it knows. */
export type ServiceTarget = Pick<
  HttpTargetOptions,
  'domainApiUrl' | 'accountId' | 'clientId' | 'clientSecret' | 'dispatcher' | 'wait'
>

/** What came of an item at a service, and the conversations that it left open. */
export interface ServiceOutcome {
  readonly item: UntimedItem
  readonly leftOpen: readonly string[]
}

/** Runs with a consumer of its own, and closes what it opened whatever came of it. */
async function runApart(
  service: ServiceTarget,
  run: string,
  work: (target: HttpTarget, own: ReturnType<typeof rememberConversations>) => Promise<UntimedItem>,
): Promise<ServiceOutcome> {
  const target = new HttpTarget({ ...service, run })
  const own = rememberConversations(target)
  let item: UntimedItem
  let leftOpen: readonly string[] = []
  try {
    item = await work(target, own)
  } finally {
    leftOpen = await own.closeAll()
  }
  return { item, leftOpen }
}

/** Replays a trace against a service, as far as the service allows. */
export const verifyTraceAtService = (
  trace: Trace,
  service: ServiceTarget,
  run: string,
): Promise<ServiceOutcome> => runApart(service, run, (_, { target }) => verifyTrace(trace, target))

/** Why an interaction cannot be verified against a service, if it cannot. */
const whyLeftOutAtService = (named: NamedInteraction): string | undefined =>
  whyLeftOut(named, isReachable)

/** Verifies an interaction against a service: its account, tokens and ids stand for those of the service. */
export async function verifyInteractionAtService(
  named: NamedInteraction,
  service: ServiceTarget,
  { run, verifier, pactFile }: { run: string; verifier: InteractionVerifier; pactFile: string },
): Promise<ServiceOutcome> {
  const reason = whyLeftOutAtService(named)
  if (reason !== undefined) return { item: toLeftOut(named, reason), leftOpen: [] }
  const inPact = accountIn(named.interaction.request?.path ?? '') ?? service.accountId
  return runApart(service, run, async (target, own) => {
    await using gateway = await startInteractionGateway({
      target,
      tokens: () => target.tokensOf('consumer'),
      states: createServiceStates(own.target, consumer => target.tokensOf(consumer)),
      aliases: inPact === service.accountId ? [] : [{ inPact, atTarget: service.accountId }],
      onBatchAnswer: answer => own.remember(answer, 'consumer'),
      ...(service.dispatcher && { dispatcher: service.dispatcher }),
      ...(service.wait && { wait: service.wait }),
    })
    return await verifyInteraction(named, { gateway, verifier, pactFile })
  })
}
