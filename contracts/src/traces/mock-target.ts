import { type MockServer, startMockServer } from '@sendbox/mock-server'
import { type ProxyOptions, startProxy } from '../proxy.ts'
import { HttpTarget } from './http-target.ts'
import { startNotificationReceiver } from './notification-receiver.ts'
import { needsOf, type Trace, toWebhooks } from './trace.ts'

type Through = ProxyOptions['through']

/** What stands between a mock and those around it. */
export interface MockTargetOptions {
  /** Sees each call to the mock. @default calls go straight to it */
  readonly through?: ((server: MockServer) => Through) | undefined
  /** Sees each notification of the mock. @default notifications go straight to their receiver */
  readonly deliverThrough?: ((server: MockServer) => Through) | undefined
  /** How long a notification may take, in ms of wall time. @default 5000 */
  readonly longestWaitMs?: number
}

/** A mock that a trace can be replayed against. */
export interface MockTarget extends AsyncDisposable {
  readonly target: HttpTarget
  readonly server: MockServer
}

const startProxyFor = async (target: string, through: Through) =>
  through && startProxy({ target, through })

/** Starts a mock with the settings that a trace wants, and what receives its webhooks where the trace is about them. */
export async function startMockTarget(
  trace: Trace,
  { through, deliverThrough, longestWaitMs }: MockTargetOptions = {},
): Promise<MockTarget> {
  const server = await startMockServer({ settings: trace.settings })
  const receiver = needsOf(trace).includes('webhooks')
    ? await startNotificationReceiver({ longestWaitMs })
    : undefined
  const proxy = await startProxyFor(server.url, through?.(server))
  const deliveries = await startProxyFor(
    new URL(receiver?.url ?? server.url).origin,
    receiver && deliverThrough?.(server),
  )
  const { accountId, clientId, clientSecret, webhooks } = server.account()
  if (receiver) webhooks.register(toWebhooks(deliveries?.url ?? receiver.url, trace.webhooks))
  const target = new HttpTarget({
    domainApiUrl: proxy?.url ?? server.url,
    accountId,
    clientId,
    clientSecret,
    run: 'test',
    controlUrl: `${server.url}/__sendbox`,
    ...(receiver && { receiver }),
  })
  return {
    target,
    server,
    async [Symbol.asyncDispose]() {
      for (const open of [deliveries, receiver, proxy]) await open?.[Symbol.asyncDispose]()
      await server.close()
    },
  }
}
