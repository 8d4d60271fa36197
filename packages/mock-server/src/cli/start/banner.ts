import { operations, toPath } from '@sendbox/schema'
import type { MockAccount } from '../../app/account.ts'
import type { MockServer } from '../../app/start-mock-server.ts'
import type { TokenPair } from '../../handle/token-pair.ts'
import { isLoopbackUrl } from '../../http/host-name.ts'
import { exampleConsumerId } from '../../services.ts'
import { quoteForShell } from '../terminal.ts'

/** The facts in the greeting of `sendbox start`. */
interface Greeting {
  readonly server: Pick<MockServer, 'url' | 'httpsUrl' | 'ca'>
  readonly account: Pick<MockAccount, 'accountId' | 'clientId' | 'clientSecret'>
}

/** Whether the control API is open to the address that the mock listens on. */
type ControlAccess = { readonly isControlOpen: boolean }

/** The URL that lists all services of an account. Rule: EP-6.1. */
function toDomainApiUrl(url: string, accountId: string): string {
  const domainApi = new URL(toPath(operations.baseUris.path, { accountId }), url)
  domainApi.search = new URLSearchParams(operations.baseUris.query).toString()
  return domainApi.href
}

/** Formats the greeting for a program, as one line of JSON; credentials are in it on loopback only. */
export const toReadyLine = ({
  server,
  account,
  isControlOpen,
  pid,
}: Greeting & ControlAccess & { readonly pid: number }): string => {
  const { accountId, clientId, clientSecret } = account
  const ready = {
    event: 'ready',
    url: server.url,
    ...(server.httpsUrl !== undefined && { httpsUrl: server.httpsUrl, ca: server.ca }),
    accountId,
    ...(isLoopbackUrl(server.url) && { clientId, clientSecret }),
    domainApi: toDomainApiUrl(server.url, accountId),
    control: isControlOpen ? `${server.url}/__sendbox` : null,
    pid,
  }
  return `${JSON.stringify(ready)}\n`
}

/** The greeting on loopback: everything that the first call needs. */
interface LoopbackGreeting extends Greeting {
  readonly tokens: TokenPair
  readonly conversationId: string
  /** Whether the control API requires a token. */
  readonly isControlTokenRequired: boolean
}

const toSendCurl = ({ server, account, tokens, conversationId }: LoopbackGreeting): string => {
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

/** The URLs of a mock; whoever asks by https has to trust its CA. */
const toUrls = ({ url, httpsUrl }: Greeting['server']): string =>
  httpsUrl === undefined ? url : `${url} and ${httpsUrl} (sendbox ca)`

/** Formats the greeting for a person on loopback; it shows test credentials. */
export const toStartBanner = (greeting: LoopbackGreeting): string => {
  const { server, account, tokens, conversationId } = greeting
  const { accountId, clientId, clientSecret } = account
  return `Sendbox listens on ${toUrls(server)}

  account        ${accountId}   (any other account id works too)
  client id      ${clientId}
  client secret  ${clientSecret}
  Domain API     ${toDomainApiUrl(server.url, accountId)}
  state          ${server.url}/__sendbox/accounts/${accountId}/conversations/${conversationId}${greeting.isControlTokenRequired ? '   (requires the control token)' : ''}

Tokens of the consumer "${exampleConsumerId}", who has an open conversation (the AppJWT lives for an hour):

  Authorization: ${tokens.appJwt}
  X-LP-ON-BEHALF: ${tokens.consumerJws}

Send a text; paste this into another terminal:

${toSendCurl(greeting)}

Ctrl-C stops it.
`
}

/** Formats the greeting for a person off loopback, without credentials. */
export const toPublicBanner = ({
  server,
  account,
  isControlOpen,
}: Greeting & ControlAccess): string => {
  const control = isControlOpen ? 'wants its bearer token' : 'is closed; --control-token opens it'
  return `Sendbox listens on ${toUrls(server)}, account ${account.accountId}
Off loopback no credentials are printed, and the control API ${control}. Ctrl-C stops it.
`
}
