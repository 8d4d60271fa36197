import { operations } from '@sendbox/schema'
import type { AppJwtSource } from './app-jwt-source.ts'
import { callOperation, type Transport } from './call-operation.ts'
import { createConsumerJwsSource } from './consumer-jws-source.ts'
import type { ServiceDirectory } from './service-directory.ts'

/** Where a call on behalf of a consumer goes, and with which tokens: AppJWT, ConsumerJWS. */
interface ConsumerGrant {
  readonly origin: string
  readonly credentials: readonly [appJwt: string, consumerJws: string]
}

/** What the calls of one client share: transport, numbers, and tokens for each consumer. */
export interface Session {
  readonly transport: Transport
  /** The id of the next request that came without one: "1", "2", … Rule: REQ-2. */
  nextId(): string
  actFor<Answer>(
    extConsumerId: string,
    operationId: 'send' | 'conversation',
    call: (grant: ConsumerGrant) => Promise<Answer>,
  ): Promise<Answer>
}

/** What a session stands on. */
export interface SessionOptions {
  readonly transport: Transport
  readonly directory: ServiceDirectory
  readonly appJwts: AppJwtSource
}

/** Fetches a ConsumerJWS once for each consumer, and adds the tokens to calls. Rules: EP-13, AUTH-1, AUTH-2. */
export function createSession({ transport, directory, appJwts }: SessionOptions): Session {
  const consumerJwss = createConsumerJwsSource(extConsumerId =>
    directory.withOrigin(operations.consumer.service, origin =>
      appJwts.withAppJwt(async appJwt => {
        const { token } = await callOperation(transport, {
          operationId: 'consumer',
          purpose: 'Fetching a ConsumerJWS',
          isRepeatable: true,
          origin,
          credentials: [appJwt],
          body: JSON.stringify({ ext_consumer_id: extConsumerId }),
        })
        return token
      }),
    ),
  )
  let lastId = 0

  return {
    transport,
    nextId: () => String(++lastId),
    async actFor(extConsumerId, operationId, call) {
      const consumerJws = await consumerJwss.get(extConsumerId)
      return directory.withOrigin(operations[operationId].service, origin =>
        appJwts.withAppJwt(appJwt => call({ origin, credentials: [appJwt, consumerJws] })),
      )
    },
  }
}
