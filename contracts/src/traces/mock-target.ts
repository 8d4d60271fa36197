import { type MockServer, startMockServer } from '@sendbox/mock-server'
import { type Intercept, startProxy } from '../proxy.ts'
import { HttpTarget } from './http-target.ts'
import { startNotificationReceiver } from './notification-receiver.ts'
import { requiredBy, type Trace, toWebhooks } from './trace.ts'

export interface MockTargetOptions {
  /** Handles each call to the mock. @default calls are sent directly to it */
  readonly intercept?: ((server: MockServer) => Intercept) | undefined
  /** Handles each notification of the mock. @default notifications are sent directly to their receiver */
  readonly interceptDeliveries?: ((server: MockServer) => Intercept) | undefined
  /** Longest wait for a notification, in ms of wall time. @default 5000 */
  readonly timeoutMs?: number
}

/** A mock as the target of a trace. */
export interface MockTarget extends AsyncDisposable {
  readonly target: HttpTarget
  readonly server: MockServer
}

const startProxyFor = async (target: string, intercept: Intercept | undefined) =>
  intercept && startProxy({ target, intercept })

/** Starts a mock with the settings of a trace, and a receiver for its webhooks if the trace requires one. */
export async function startMockTarget(
  trace: Trace,
  { intercept, interceptDeliveries, timeoutMs }: MockTargetOptions = {},
): Promise<MockTarget> {
  const server = await startMockServer({ settings: trace.settings })
  const receiver = requiredBy(trace).includes('webhooks')
    ? await startNotificationReceiver({ timeoutMs })
    : undefined
  const proxy = await startProxyFor(server.url, intercept?.(server))
  const deliveries = await startProxyFor(
    new URL(receiver?.url ?? server.url).origin,
    receiver && interceptDeliveries?.(server),
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
