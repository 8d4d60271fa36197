import { operations, toPath } from '@sendbox/schema'
import type { MockServer } from '../start-mock-server.ts'
import type { TokenPair } from '../token-pair.ts'
import { quoteForShell } from './quote-for-shell.ts'
import { toDomainApiUrl } from './ready-line.ts'

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
