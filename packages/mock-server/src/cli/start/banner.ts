import { operations, toPath } from '@sendbox/schema'
import type { MockAccount, MockServer } from '../../app/start-mock-server.ts'
import { isLoopbackUrl } from '../../control/guard.ts'
import type { TokenPair } from '../../handle/token-pair.ts'
import { quoteForShell } from '../terminal.ts'

/** Who is ready: the server with the account of the examples. */
export interface ReadyFacts {
  readonly server: Pick<MockServer, 'url'>
  readonly account: Pick<MockAccount, 'accountId' | 'clientId' | 'clientSecret'>
  /** Whether the control API is open to this address. */
  readonly isControlOpen: boolean
  readonly pid: number
}

/** Where the Domain API tells all services of an account. Rule: EP-6.1. */
function toDomainApiUrl(url: string, accountId: string): string {
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

/** What a user needs for the first call. */
export interface BannerFacts {
  readonly server: Pick<MockServer, 'url'>
  readonly account: { accountId: string; clientId: string; clientSecret: string }
  readonly extConsumerId: string
  readonly tokens: TokenPair
  readonly conversationId: string
}

const toSendCurl = ({ server, account, tokens, conversationId }: BannerFacts): string => {
  const { path, query, contentType } = operations.send
  const url = new URL(toPath(path, { accountId: account.accountId }), server.url)
  url.search = new URLSearchParams(query).toString()
  const request = {
    kind: 'req',
    id: '1',
    type: 'ms.PublishEvent',
    body: {
      dialogId: conversationId,
      event: { type: 'ContentEvent', contentType: 'text/plain', message: 'Hello' },
    },
  }
  const headers = {
    'Content-Type': contentType,
    Authorization: tokens.appJwt,
    'X-LP-ON-BEHALF': tokens.consumerJws,
  }
  return [
    `curl ${quoteForShell(url.href)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoteForShell(`${name}: ${value}`)}`),
    `-d ${quoteForShell(JSON.stringify(request))}`,
  ].join(' ')
}

/** The text that a user sees once the mock listens on loopback; it shows test credentials. */
export const toStartBanner = (facts: BannerFacts): string => {
  const { server, account, extConsumerId, tokens, conversationId } = facts
  const { accountId, clientId, clientSecret } = account
  return `Sendbox listens on ${server.url}

  account        ${accountId}   (any other account id works too)
  client id      ${clientId}
  client secret  ${clientSecret}
  Domain API     ${toDomainApiUrl(server.url, accountId)}
  state          ${server.url}/__sendbox/accounts/${accountId}/conversations/${conversationId}

Tokens of the consumer "${extConsumerId}", who has an open conversation (the AppJWT lives for an hour):

  Authorization: ${tokens.appJwt}
  X-LP-ON-BEHALF: ${tokens.consumerJws}

Send a text; paste this into another terminal:

${toSendCurl(facts)}

Ctrl-C stops it.
`
}

/** The text off loopback, where no credential is shown. */
export const toPublicBanner = (
  { server, account }: Pick<BannerFacts, 'server' | 'account'>,
  isControlOpen: boolean,
): string => {
  const control = isControlOpen ? 'wants its bearer token' : 'is closed; --control-token opens it'
  return `Sendbox listens on ${server.url}, account ${account.accountId}
Off loopback no credentials are printed, and the control API ${control}. Ctrl-C stops it.
`
}
