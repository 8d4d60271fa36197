import { allowsPlainHttp, type ServiceName } from '@sendbox/schema'
import { type Endpoint, type Transport, toCallInfo } from '../call/attempt.ts'
import type { CallScope } from '../call/deadline.ts'
import { executeWithRetry } from '../call/execute.ts'
import type { ClientError } from '../errors/client-error.ts'
import { ConnectionError } from '../errors/connection-error.ts'
import { InvalidResponseError } from '../errors/local-errors.ts'
import { TimeoutError } from '../errors/timeout-error.ts'
import { type SingleFlight, singleFlight } from './single-flight.ts'

/** Origin by service name. */
export type Origins = ReadonlyMap<string, string>

/** Endpoint of a service, with the look-up that it is from. */
export interface ServiceEndpoint extends Endpoint {
  readonly origins: Origins
}

/** Runs a fetch that several calls may wait for, in a scope of its own. */
export type RunShared = <Value>(work: (scope: CallScope) => Promise<Value>) => Promise<Value>

const purpose = { purpose: 'Looking up the domains', idempotent: true } as const

/** Whether nobody but the host reads what is sent to a URL: https, or plain http within the local network. Rule: WH-13. */
export const isConfidential = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || allowsPlainHttp(hostname)

/** Looks up all services once; they are called with the scheme of `domainApi`. Rules: EP-5, EP-6. */
export class ServiceDirectory {
  readonly #cache: SingleFlight<Origins>
  readonly #allowPlainHttp: boolean

  constructor(
    transport: Transport,
    runShared: RunShared,
    { domainApi, allowPlainHttp }: { readonly domainApi: URL; readonly allowPlainHttp: boolean },
  ) {
    this.#allowPlainHttp = allowPlainHttp
    const endpoint = { origin: domainApi.origin, credentials: [] }
    this.#cache = singleFlight(() =>
      runShared(async (scope): Promise<Origins> => {
        const { baseURIs } = await executeWithRetry(transport, scope, {
          ...purpose,
          operationId: 'baseUris',
          resolveEndpoint: () => endpoint,
        })
        return new Map(
          baseURIs.flatMap(({ service, baseURI }) => {
            const url = `${domainApi.protocol}//${baseURI}`
            return URL.canParse(url) ? [[service, new URL(url).origin]] : []
          }),
        )
      }),
    )
  }

  /** The cached origins. */
  peek(): Origins | undefined {
    return this.#cache.peek()
  }

  get(): Promise<Origins> {
    return this.#cache.get()
  }

  /** Throws an {@link InvalidResponseError} for a service without a host, or with one that plain http is not allowed to. */
  originOf(service: ServiceName, origins: Origins): string {
    const origin = origins.get(service)
    if (origin !== undefined && (this.#allowPlainHttp || isConfidential(new URL(origin))))
      return origin
    this.#cache.invalidate(origins)
    const problem =
      origin === undefined
        ? `it names no host for the service "${service}"`
        : `it names ${origin} for the service "${service}", a host off the local network, which is called over https or with allowPlainHttp only`
    throw new InvalidResponseError(toCallInfo('baseUris', purpose), problem)
  }

  /** Endpoint of a service, without credentials. */
  async resolve(service: ServiceName): Promise<ServiceEndpoint> {
    const origins = await this.get()
    return { origins, origin: this.originOf(service, origins), credentials: [] }
  }

  /** Drops `origins` from the cache if the error is a connection failure. */
  invalidateAfter(error: ClientError, origins: Origins): void {
    const isLost = error instanceof ConnectionError || error instanceof TimeoutError
    if (isLost) this.#cache.invalidate(origins)
  }
}
