import type { ConversationView, MockAccount } from '@sendbox/mock-server'
import { startMockServer } from '@sendbox/mock-server'
import { webhookEventTypes } from '@sendbox/schema'
import { startSmsConnector } from '../../packages/client/examples/start-sms-connector.ts'
import { createTestClock } from '../../packages/client/test/create-test-clock.ts'
import { SmsGatewayStub } from './sms-gateway-stub.ts'

/** A text of a phone's conversations. */
interface Line {
  readonly by: 'phone' | 'agent'
  readonly text: string
}

const toLines = ({ dialogs }: ConversationView): Line[] =>
  dialogs.flatMap(({ transcript }) =>
    transcript.flatMap(({ role, event }): Line[] =>
      event.type === 'ContentEvent' && event.contentType === 'text/plain'
        ? [{ by: role === 'CONSUMER' ? 'phone' : 'agent', text: event.message }]
        : [],
    ),
  )

/** The example connector between the mock and a gateway; none of its waits takes wall time. */
export async function startSmsWorld({ seed = 'sms' } = {}) {
  let server = await startMockServer({ seed })
  const port = Number(new URL(server.url).port)
  const account = (): MockAccount => server.account()
  const gateway = new SmsGatewayStub()
  await gateway.listen()
  const clock = createTestClock()
  const errors: unknown[] = []
  const { accountId, clientId, clientSecret } = account()

  const connector = await startSmsConnector({
    sendApi: {
      accountId,
      clientId,
      clientSecret,
      domainApiUrl: server.url,
      now: clock.now,
      timers: clock.timers,
      maxRetries: 8,
    },
    gatewayUrl: gateway.url,
    gatewayRetryMs: 0,
    // Missing webhooks are waited for as long as it takes, lost ones until nothing is in flight.
    reorderWithinMs: 60_000,
    webhookDeadline: () => quiet(),
    onError: error => errors.push(error),
  })
  gateway.connect(connector.url)
  const endpoint = `${connector.url}/webhooks`
  account().webhooks.register(
    Object.fromEntries(webhookEventTypes.map(type => [type, { endpoint }])),
  )

  /** Resolves once no webhook is on its way, nor in the connector. */
  const quiet = async (): Promise<void> => {
    await account().webhooks.idle()
    await connector.idle()
  }

  /** Oldest first. */
  const conversationsOf = async (phone: string): Promise<ConversationView[]> =>
    (await account().conversations.list({ consumer: phone })).toReversed()

  return {
    gateway,
    /** The time of the connector's client. */
    clock,
    errors,
    account,
    quiet,
    conversationsOf,
    /** The agent of a phone's open conversation. */
    async agentOf(phone: string) {
      const open = (await conversationsOf(phone)).find(({ stage }) => stage === 'OPEN')
      if (open === undefined) throw new Error(`${phone} has no open conversation`)
      return account().agent(open.conversationId)
    },
    /** All texts of a phone's conversations, as the agents see them. */
    agentsView: async (phone: string) => (await conversationsOf(phone)).flatMap(toLines),
    /** All that a phone has sent and received. */
    phonesView: (phone: string) =>
      gateway
        .seenBy(phone)
        .map(
          ({ direction, text }): Line => ({ by: direction === 'sent' ? 'phone' : 'agent', text }),
        ),
    /** Ends the mock, and gives what starts another one on its port with all that the account was. */
    async stopMock() {
      const snapshot = await account().snapshot()
      await server.close()
      return async () => {
        server = await startMockServer({ seed, port })
        await account().restore(snapshot)
      }
    },
    async [Symbol.asyncDispose]() {
      await server.close()
      await connector.close()
      await gateway[Symbol.asyncDispose]()
    },
  }
}
