import { startMockServer } from '@sendbox/mock-server'
import { findAccountId } from '../find-operation.ts'
import { isCall } from '../pact/pact-file.ts'
import { pactConsumerId } from '../pact/states.ts'
import { HttpTarget } from '../traces/http-target.ts'
import { startMockTarget } from '../traces/mock-target.ts'
import { startNotificationReceiver } from '../traces/notification-receiver.ts'
import { toWebhooks } from '../traces/trace.ts'
import { type ServiceAccess, startGateway } from './gateway.ts'
import { canProduce, createMessageProducer } from './message-producers.ts'
import { createMockStates } from './state-handlers.ts'
import { type ItemVerifier, verifyInteraction } from './verify-interaction.ts'
import { verifyTrace } from './verify-trace.ts'

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

/** Verifies each item against a new mock: a trace with its settings, an interaction as the account in its path. */
export const atMock: ItemVerifier = {
  isReachable: () => true,
  canProduce,
  async verifyTrace(trace) {
    await using mock = await startMockTarget(trace)
    return { item: await verifyTrace(trace, mock.target) }
  },
  async verifyInteraction(named, _run, pactRun) {
    const { interaction } = named
    await using service = await startMockService({
      accountId: findAccountId(interaction.request?.path ?? ''),
      sendsMessages: !isCall(interaction),
    })
    await using gateway = await startGateway(service)
    return { item: await verifyInteraction(named, { ...pactRun, gateway }) }
  },
}
