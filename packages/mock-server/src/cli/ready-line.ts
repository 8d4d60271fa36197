import { operations, toPath } from '@sendbox/schema'
import { isLoopbackUrl } from '../loopback.ts'
import type { MockAccount, MockServer } from '../start-mock-server.ts'

/** Who is ready: the server with the account of the examples. */
export interface ReadyFacts {
  readonly server: Pick<MockServer, 'url'>
  readonly account: Pick<MockAccount, 'accountId' | 'clientId' | 'clientSecret'>
  /** Whether the control API is open to this address. */
  readonly isControlOpen: boolean
  readonly pid: number
}

/** Where the Domain API tells all services of an account. Rule: EP-6.1. */
export function toDomainApiUrl(url: string, accountId: string): string {
  const domainApi = new URL(toPath(operations.baseUris.path, { accountId }), url)
  domainApi.search = new URLSearchParams(operations.baseUris.query).toString()
  return domainApi.href
}

/** The line of JSON that tells a program where the mock is; credentials are in it on loopback only. */
export const toReadyLine = ({ server, account, isControlOpen, pid }: ReadyFacts): string => {
  const { accountId, clientId, clientSecret } = account
  const ready = {
    event: 'ready',
    url: server.url,
    accountId,
    ...(isLoopbackUrl(server.url) && { clientId, clientSecret }),
    domainApi: toDomainApiUrl(server.url, accountId),
    control: isControlOpen ? `${server.url}/__sendbox` : null,
    pid,
  }
  return `${JSON.stringify(ready)}\n`
}
