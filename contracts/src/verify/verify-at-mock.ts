import { startMockServer } from '@sendbox/mock-server'
import { pactConsumerId } from '../pact/states.ts'
import { HttpTarget } from '../traces/http-target.ts'
import { startMockTarget } from '../traces/mock-target.ts'
import type { Trace } from '../traces/trace.ts'
import { startInteractionGateway } from './interaction-gateway.ts'
import { createMockStates } from './interaction-states.ts'
import type { InteractionVerifier } from './interaction-verifier.ts'
import { accountIn, type NamedInteraction } from './pact-interactions.ts'
import { toLeftOut, type UntimedItem, verifyInteraction, whyLeftOut } from './verify-interaction.ts'
import { isOwnMessage, type MessageVerifier } from './verify-message.ts'
import { verifyTrace } from './verify-trace.ts'

/** Replays a trace against a mock of its own, with the settings that it wants. */
export async function verifyTraceAtMock(trace: Trace): Promise<UntimedItem> {
  await using mock = await startMockTarget(trace)
  return await verifyTrace(trace, mock.target)
}

/** Verifies an interaction against a mock of its own, as the account that it names. */
export async function verifyInteractionAtMock(
  named: NamedInteraction,
  {
    verifier,
    messages,
    pactFile,
  }: { verifier: InteractionVerifier; messages: MessageVerifier; pactFile: string },
): Promise<UntimedItem> {
  if (isOwnMessage(named)) return messages.verify(named)
  const reason = whyLeftOut(named, () => true)
  if (reason !== undefined) return toLeftOut(named, reason)
  await using server = await startMockServer()
  const { accountId, clientId, clientSecret } = server.account(
    accountIn(named.interaction.request?.path ?? ''),
  )
  const target = new HttpTarget({
    domainApiUrl: server.url,
    accountId,
    clientId,
    clientSecret,
    run: 'verify',
  })
  await using gateway = await startInteractionGateway({
    target,
    tokens: () => server.account(accountId).tokens(pactConsumerId),
    states: createMockStates(server, accountId),
    aliases: [],
  })
  return await verifyInteraction(named, { gateway, verifier, pactFile })
}
