import { type OperationId, operations, type RequestLimits } from '@sendbox/schema'
import type { Endpoint, Transport } from '../call/attempt.ts'
import { CallScope, Interruption, toInterruptedError } from '../call/deadline.ts'
import { executeWithRetry, type RetriedCall } from '../call/execute.ts'
import type { InFlightCounter } from '../call/in-flight.ts'
import type { CallOptions } from '../call-options.ts'
import type { ClientChecks } from '../checks.ts'
import { isAppJwtRefusal, isConsumerJwsRefusal } from '../errors/api-error.ts'
import type { CallInfo, ClientError } from '../errors/client-error.ts'
import { ClientClosedError, QueueFullError } from '../errors/local-errors.ts'
import type { Origins, RunShared, ServiceDirectory, ServiceEndpoint } from './domains.ts'
import { createSendQueues } from './send-queues.ts'
import type { SingleFlight } from './single-flight.ts'
import { type AppJwt, createConsumerJwsSource } from './token-sources.ts'

/** Endpoint of a request on behalf of a consumer. */
export interface ConsumerEndpoint extends ServiceEndpoint {
  readonly appJwt: AppJwt
}

type EndpointSource<CallEndpoint extends Endpoint> = Required<
  Pick<RetriedCall<OperationId, CallEndpoint>, 'resolveEndpoint' | 'onFailure'>
>

/** One call of a client method, with all of its requests. */
interface UserCall<Result> {
  /** For errors outside of a request. */
  readonly callInfo: CallInfo
  readonly options: CallOptions
  /** The queue that the call joins. */
  readonly conversationId?: string | undefined
  /** Whether it undoes an earlier call; such a call runs on a closed client and in a full queue. */
  readonly isCleanup?: boolean | undefined
  readonly work: (scope: CallScope) => Promise<Result>
}

/** State shared by all calls of one client. */
export interface Session {
  readonly transport: Transport
  readonly checks: Required<Omit<ClientChecks, 'answers'>>
  readonly limits: Partial<RequestLimits>
  /** Header fields of SEND and CONVERSATION, names and values in turn. */
  readonly headers: readonly string[]
  readonly inFlight: InFlightCounter
  /** Request id for a request without one: "1", "2", … Rule: REQ-2. */
  nextId(): string
  run<Result>(call: UserCall<Result>): Promise<Result>
  endpointFor(
    extConsumerId: string,
    operationId: 'send' | 'conversation',
  ): EndpointSource<ConsumerEndpoint>
  readonly storage: EndpointSource<ServiceEndpoint>
}

export interface SessionOptions
  extends Pick<Session, 'transport' | 'checks' | 'limits' | 'headers' | 'inFlight'> {
  readonly directory: ServiceDirectory
  readonly appJwts: SingleFlight<AppJwt>
  readonly runShared: RunShared
  readonly maxWaiting: number
}

/** Creates the shared state of one client. Rules: EP-13, AUTH-1, AUTH-2. */
export function createSession(options: SessionOptions): Session {
  const { directory, appJwts, runShared, maxWaiting, ...shared } = options
  const { transport, inFlight } = shared
  const queues = createSendQueues(maxWaiting)

  const invalidateAfter = (
    error: ClientError,
    { origins, appJwt }: Pick<ConsumerEndpoint, 'origins' | 'appJwt'>,
  ): void => {
    directory.invalidateAfter(error, origins)
    if (isAppJwtRefusal(error)) appJwts.invalidate(appJwt)
  }

  const consumerJwss = createConsumerJwsSource(extConsumerId =>
    runShared(async scope => {
      const { token } = await executeWithRetry(transport, scope, {
        operationId: 'consumer',
        purpose: 'Fetching a ConsumerJWS',
        idempotent: true,
        resolveEndpoint: async () => {
          const endpoint = await directory.resolve(operations.consumer.service)
          const appJwt = await appJwts.get()
          return { ...endpoint, appJwt, credentials: [appJwt.value] }
        },
        onFailure: invalidateAfter,
        body: JSON.stringify({ ext_consumer_id: extConsumerId }),
      })
      return token
    }),
  )

  let lastId = 0

  return {
    ...shared,
    nextId: () => String(++lastId),

    async run({ callInfo, options: { signal, timeoutMs }, conversationId, isCleanup, work }) {
      if (inFlight.isClosed && !isCleanup) throw new ClientClosedError(callInfo)
      const { now, timers, timeoutMs: defaultMs } = transport
      const scope = new CallScope({ signal, timeoutMs: timeoutMs ?? defaultMs, now, timers })
      inFlight.enter()
      try {
        if (scope.interruption !== undefined) throw scope.interruption
        if (conversationId === undefined) return await work(scope)
        return await queues.run(conversationId, {
          scope,
          work: () => work(scope),
          toFullError: isCleanup ? undefined : () => new QueueFullError(callInfo, maxWaiting),
        })
      } catch (error) {
        throw error instanceof Interruption ? toInterruptedError(callInfo, error) : error
      } finally {
        scope.end()
        inFlight.leave()
      }
    },

    endpointFor(extConsumerId, operationId) {
      const { service } = operations[operationId]
      const toEndpoint = (
        origins: Origins,
        appJwt: AppJwt,
        consumerJws: string,
      ): ConsumerEndpoint => ({
        origins,
        appJwt,
        origin: directory.originOf(service, origins),
        credentials: [appJwt.value, consumerJws],
      })
      const fetchEndpoint = async (): Promise<ConsumerEndpoint> => {
        const consumerJws = await consumerJwss.get(extConsumerId)
        const origins = await directory.get()
        return toEndpoint(origins, await appJwts.get(), consumerJws)
      }
      return {
        resolveEndpoint() {
          const origins = directory.peek()
          const appJwt = appJwts.peek()
          const consumerJws = consumerJwss.peek(extConsumerId)
          return origins === undefined || appJwt === undefined || consumerJws === undefined
            ? fetchEndpoint()
            : toEndpoint(origins, appJwt, consumerJws)
        },
        onFailure(error, endpoint) {
          invalidateAfter(error, endpoint)
          if (isConsumerJwsRefusal(error)) {
            consumerJwss.invalidate(extConsumerId, endpoint.credentials[1] ?? '')
          }
        },
      }
    },

    storage: {
      resolveEndpoint: () => directory.resolve(operations.upload.service),
      onFailure: (error, { origins }) => directory.invalidateAfter(error, origins),
    },
  }
}
