import { startMockServer } from '@sendbox/mock-server'
import { findAccountId } from '../find-operation.ts'
import { isCall, type NamedInteraction } from '../pact/pact-file.ts'
import { pactConsumerId } from '../pact/states.ts'
import { HttpTarget } from '../traces/http-target.ts'
import { startMockTarget } from '../traces/mock-target.ts'
import { startNotificationReceiver } from '../traces/notification-receiver.ts'
import { type Trace, toWebhooks } from '../traces/trace.ts'
import { type ServiceAccess, startGateway } from './gateway.ts'
import { canProduce, createMessageProducer } from './message-producers.ts'
import type { PactVerifier } from './pact-verifier.ts'
import { createMockStates } from './state-handlers.ts'
import {
  toSkipped,
  toSkipReason,
  type UntimedItem,
  verifyInteraction,
} from './verify-interaction.ts'
import { verifyTrace } from './verify-trace.ts'

/** Replays a trace against a new mock with the trace's settings. */
export async function verifyTraceAtMock(trace: Trace): Promise<UntimedItem> {
  await using mock = await startMockTarget(trace)
  return await verifyTrace(trace, mock.target)
}

/** Starts a mock for the verification of pacts. */
export async function startMockService({
  accountId: wantedId,
  sendsMessages,
}: {
  /** @default the mock's own account */
  readonly accountId?: string | undefined
  /** Whether messages are verified; webhooks are registered for them. */
  readonly sendsMessages: boolean
}): Promise<ServiceAccess & AsyncDisposable> {
  const server = await startMockServer()
  const receiver = sendsMessages ? await startNotificationReceiver() : undefined
  const account = server.account(wantedId)
  const { accountId, clientId, clientSecret } = account
  if (receiver) account.webhooks.register(toWebhooks(receiver.url))
  const client = { accountId, clientId, clientSecret }
  return {
    target: new HttpTarget({ ...client, domainApiUrl: server.url, run: 'verify' }),
    tokens: () => account.tokens(pactConsumerId),
    states: createMockStates(server, accountId),
    ...(receiver && { sendMessage: createMessageProducer(account, receiver) }),
    async [Symbol.asyncDispose]() {
      await server.close()
      await receiver?.[Symbol.asyncDispose]()
    },
  }
}

/** Verifies an interaction against a new mock, as the account in its path. */
export async function verifyInteractionAtMock(
  named: NamedInteraction,
  { verifier, pactFile }: { verifier: PactVerifier; pactFile: string },
): Promise<UntimedItem> {
  const { interaction } = named
  const reason = toSkipReason(named, { isReachable: () => true, canProduce })
  if (reason !== undefined) return toSkipped(named, reason)
  await using service = await startMockService({
    accountId: findAccountId(interaction.request?.path ?? ''),
    sendsMessages: !isCall(interaction),
  })
  await using gateway = await startGateway(service)
  return await verifyInteraction(named, { gateway, verifier, pactFile })
}
