import { startMockServer } from '@sendbox/mock-server'
import { pactConsumerId } from '../states.ts'
import { HttpTarget } from '../traces/http-target.ts'
import { startNotificationReceiver } from '../traces/notification-receiver.ts'
import type { Trace } from '../traces/trace.ts'
import { needsOf } from '../traces/trace.ts'
import { startInteractionGateway } from './interaction-gateway.ts'
import { createMockStates } from './interaction-states.ts'
import type { InteractionVerifier } from './interaction-verifier.ts'
import { accountIn, type NamedInteraction } from './pact-interactions.ts'
import { toLeftOut, type UntimedItem, verifyInteraction, whyLeftOut } from './verify-interaction.ts'
import { verifyTrace } from './verify-trace.ts'

const webhookTypes = [
  'ms.MessagingEventNotification.ContentEvent',
  'ms.MessagingEventNotification.RichContentEvent',
  'ms.MessagingEventNotification.AcceptStatusEvent',
  'ms.MessagingEventNotification.ChatStateEvent',
  'cqm.ExConversationChangeNotification',
] as const

/** Replays a trace against a mock of its own, with the settings that it wants. */
export async function verifyTraceAtMock(trace: Trace): Promise<UntimedItem> {
  await using server = await startMockServer({ settings: trace.settings })
  await using receiver = await startNotificationReceiver()
  const { accountId, clientId, clientSecret, webhooks } = server.account()
  const isNotified = needsOf(trace).includes('webhooks')
  if (isNotified)
    webhooks.register(
      Object.fromEntries(webhookTypes.map(type => [type, { endpoint: receiver.url }])),
    )
  const target = new HttpTarget({
    domainApiUrl: server.url,
    accountId,
    clientId,
    clientSecret,
    run: 'verify',
    controlUrl: `${server.url}/__sendbox`,
    ...(isNotified && { receiver }),
  })
  return await verifyTrace(trace, target)
}

/** Verifies an interaction against a mock of its own, as the account that it names. */
export async function verifyInteractionAtMock(
  named: NamedInteraction,
  verifier: InteractionVerifier,
  pactFile: string,
): Promise<UntimedItem> {
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
