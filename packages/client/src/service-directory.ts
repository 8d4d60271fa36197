import type { ServiceName } from '@sendbox/schema'
import { callOperation, type Transport, toFailedCall } from './call-operation.ts'
import { ConnectionError } from './connection-error.ts'
import { InvalidResponseError } from './invalid-response-error.ts'
import { keepValue } from './keep-value.ts'

/** Where the services of an account are. */
export interface ServiceDirectory {
  /**
   * Runs `call` with the origin of a service; after a connection failure the next call looks the
   * services up again.
   */
  withOrigin<Answer>(
    service: ServiceName,
    call: (origin: string) => Promise<Answer>,
  ): Promise<Answer>
}

const lookUp = { purpose: 'Looking up the domains', isRepeatable: true } as const

/** Looks all services up once, with the Domain API at `domainApi`. Rules: EP-5, EP-6. */
export function createServiceDirectory(transport: Transport, domainApi: URL): ServiceDirectory {
  const hosts = keepValue(async () => {
    const { baseURIs } = await callOperation(transport, {
      ...lookUp,
      operationId: 'baseUris',
      origin: domainApi.origin,
      credentials: [],
    })
    return new Map(baseURIs.map(({ service, baseURI }) => [service, baseURI]))
  })

  return {
    async withOrigin(service, call) {
      const known = await hosts.get()
      const origin = `${domainApi.protocol}//${known.get(service) ?? ''}`
      if (!URL.canParse(origin)) {
        hosts.forget(known)
        throw new InvalidResponseError(
          toFailedCall('baseUris', lookUp),
          `it names no host for the service "${service}"`,
        )
      }
      try {
        return await call(origin)
      } catch (error) {
        if (error instanceof ConnectionError) hosts.forget(known)
        throw error
      }
    },
  }
}
