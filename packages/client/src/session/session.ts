import { operations, type RequestLimits } from '@sendbox/schema'
import type { Grant, Transport } from '../call/attempt.ts'
import { CallScope, Interruption, toInterruptedError } from '../call/deadline.ts'
import { performCall } from '../call/execute.ts'
import type { CallGate } from '../call/in-flight.ts'
import type { CallOptions } from '../call-options.ts'
import type { ClientChecks } from '../checks.ts'
import { isAppJwtRefusal, isConsumerJwsRefusal } from '../errors/api-error.ts'
import type { ClientError, FailedCall } from '../errors/client-error.ts'
import { ClientClosedError, QueueFullError } from '../errors/local-errors.ts'
import type { AppJwt } from './app-jwt.ts'
import { createConsumerJwsSource } from './consumer-jws.ts'
import type { Origins, RunShared, ServiceDirectory } from './domains.ts'
import { createConversationLanes } from './send-queues.ts'
import type { KeptValue } from './single-flight.ts'

/** Where an attempt for a consumer goes, and with which tokens. */
export interface ConsumerGrant extends Grant {
  readonly origins: Origins
  readonly appJwt: AppJwt
}

/** How the attempts of a call get host and tokens, and learn from failures. */
interface Granting<Given extends Grant> {
  readonly grant: () => Given | Promise<Given>
  readonly onFailure: (error: ClientError, grant: Given) => void
}

/** One method call of the client's user, with all of its steps. */
interface UserCall<Result> {
  /** What errors call it that come before its first step, or between two. */
  readonly about: FailedCall
  readonly options: CallOptions
  /** Whose order it keeps. */
  readonly conversationId?: string | undefined
  /** Claims to end what a call in flight began: it runs while the client closes, and has room to wait. */
  readonly isEnd?: boolean | undefined
  readonly work: (scope: CallScope) => Promise<Result>
}

/** What the calls of one client share. */
export interface Session {
  readonly transport: Transport
  readonly checks: Required<ClientChecks>
  readonly limits: Partial<RequestLimits>
  /** Header fields of SEND and CONVERSATION, names and values in turn. */
  readonly headers: readonly string[]
  readonly gate: CallGate
  /** The id of the next request that came without one: "1", "2", … Rule: REQ-2. */
  nextId(): string
  run<Result>(call: UserCall<Result>): Promise<Result>
  grantFor(extConsumerId: string, operationId: 'send' | 'conversation'): Granting<ConsumerGrant>
  readonly storage: Granting<Grant & { readonly origins: Origins }>
}

/** What a session stands on. */
export interface SessionOptions
  extends Pick<Session, 'transport' | 'checks' | 'limits' | 'headers' | 'gate'> {
  readonly directory: ServiceDirectory
  readonly appJwts: KeptValue<AppJwt>
  readonly runShared: RunShared
  readonly maxWaiting: number
}

/** Brings together what the calls of one client share. Rules: EP-13, AUTH-1, AUTH-2. */
export function createSession(options: SessionOptions): Session {
  const { transport, directory, appJwts, runShared, gate, maxWaiting } = options
  const { now, timers } = transport
  const lanes = createConversationLanes(maxWaiting)

  const learnFrom = (
    error: ClientError,
    grant: Pick<ConsumerGrant, 'origins' | 'appJwt'>,
  ): void => {
    directory.learnFrom(error, grant.origins)
    if (isAppJwtRefusal(error)) appJwts.forget(grant.appJwt)
  }

  const fetchConsumerJws = (extConsumerId: string): Promise<string> =>
    runShared(async scope => {
      const { token } = await performCall(transport, scope, {
        operationId: 'consumer',
        purpose: 'Fetching a ConsumerJWS',
        isRepeatable: true,
        grant: async () => {
          const origins = await directory.get()
          const origin = directory.originOf(operations.consumer.service, origins)
          const appJwt = await appJwts.get()
          return { origins, origin, appJwt, credentials: [appJwt.value] }
        },
        onFailure: learnFrom,
        body: JSON.stringify({ ext_consumer_id: extConsumerId }),
      })
      return token
    })
  const consumerJwss = createConsumerJwsSource(fetchConsumerJws)

  let lastId = 0

  return {
    transport,
    checks: options.checks,
    limits: options.limits,
    headers: options.headers,
    gate,
    nextId: () => String(++lastId),

    async run({ about, options: { signal, timeoutMs }, conversationId, isEnd = false, work }) {
      if (gate.isClosed && !isEnd) throw new ClientClosedError(about)
      const scope = new CallScope({
        signal,
        timeoutMs: timeoutMs ?? transport.timeoutMs,
        now,
        timers,
      })
      gate.enter()
      try {
        if (scope.interruption !== undefined) throw scope.interruption
        if (conversationId === undefined) return await work(scope)
        return await lanes.run(conversationId, {
          scope,
          work: () => work(scope),
          refuse: isEnd ? undefined : () => new QueueFullError(about, maxWaiting),
        })
      } catch (error) {
        throw error instanceof Interruption ? toInterruptedError(about, error) : error
      } finally {
        scope.end()
        gate.leave()
      }
    },

    grantFor(extConsumerId, operationId) {
      const { service } = operations[operationId]
      const grantOf = (origins: Origins, appJwt: AppJwt, consumerJws: string): ConsumerGrant => ({
        origins,
        appJwt,
        origin: directory.originOf(service, origins),
        credentials: [appJwt.value, consumerJws],
      })
      const fetchGrant = async (): Promise<ConsumerGrant> => {
        const consumerJws = await consumerJwss.get(extConsumerId)
        const origins = await directory.get()
        return grantOf(origins, await appJwts.get(), consumerJws)
      }
      return {
        grant() {
          const origins = directory.peek()
          const appJwt = appJwts.peek()
          const consumerJws = consumerJwss.peek(extConsumerId)
          return origins === undefined || appJwt === undefined || consumerJws === undefined
            ? fetchGrant()
            : grantOf(origins, appJwt, consumerJws)
        },
        onFailure(error, grant) {
          learnFrom(error, grant)
          if (isConsumerJwsRefusal(error)) {
            consumerJwss.forget(extConsumerId, grant.credentials[1] ?? '')
          }
        },
      }
    },

    storage: {
      async grant() {
        const origins = await directory.get()
        const origin = directory.originOf(operations.upload.service, origins)
        return { origins, origin, credentials: [] }
      },
      onFailure: (error, { origins }) => directory.learnFrom(error, origins),
    },
  }
}
