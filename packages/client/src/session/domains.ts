import type { ServiceName } from '@sendbox/schema'
import { type Transport, toUnsentCall } from '../call/attempt.ts'
import type { CallScope } from '../call/deadline.ts'
import { performCall } from '../call/execute.ts'
import type { ClientError } from '../errors/client-error.ts'
import { ConnectionError } from '../errors/connection-error.ts'
import { InvalidResponseError } from '../errors/local-errors.ts'
import { TimeoutError } from '../errors/timeout-error.ts'
import { keepValue } from './single-flight.ts'

/** The origin of each service, as one look-up gave it. */
export type Origins = ReadonlyMap<string, string>

/** Where the services of an account are. */
export interface ServiceDirectory {
  /** The result of the look-up that is kept. */
  peek(): Origins | undefined
  get(): Promise<Origins>
  originOf(service: ServiceName, origins: Origins): string
  /** Drops the look-up that led to a connection failure, so that the next call makes another. */
  learnFrom(error: ClientError, origins: Origins): void
}

/** Makes a fetch that many may wait for, in a scope of its own. */
export type RunShared = <Value>(work: (scope: CallScope) => Promise<Value>) => Promise<Value>

const lookUp = { purpose: 'Looking up the domains', isRepeatable: true } as const

/** Looks all services up once, with the Domain API at `domainApi`, whose scheme they take. Rules: EP-5, EP-6. */
export function createServiceDirectory(
  transport: Transport,
  runShared: RunShared,
  domainApi: URL,
): ServiceDirectory {
  const grant = { origin: domainApi.origin, credentials: [] }

  const kept = keepValue(() =>
    runShared(async (scope): Promise<Origins> => {
      const { baseURIs } = await performCall(transport, scope, {
        ...lookUp,
        operationId: 'baseUris',
        grant: () => grant,
      })
      const urls = baseURIs.map(({ service, baseURI }) => [
        service,
        `${domainApi.protocol}//${baseURI}`,
      ])
      return new Map(
        urls.flatMap(([service = '', url = '']) =>
          URL.canParse(url) ? [[service, new URL(url).origin]] : [],
        ),
      )
    }),
  )

  return {
    peek: () => kept.peek(),
    get: () => kept.get(),
    originOf(service, origins) {
      const origin = origins.get(service)
      if (origin !== undefined) return origin
      kept.forget(origins)
      throw new InvalidResponseError(
        toUnsentCall('baseUris', lookUp),
        `it names no host for the service "${service}"`,
      )
    },
    learnFrom(error, origins) {
      if (error instanceof ConnectionError || error instanceof TimeoutError) kept.forget(origins)
    },
  }
}
