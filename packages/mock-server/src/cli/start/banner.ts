import { operations, toPath } from '@sendbox/schema'
import type { MockAccount } from '../../app/account.ts'
import type { MockServer } from '../../app/start-mock-server.ts'
import { isLoopbackUrl } from '../../http/host-name.ts'
import { pastedCommand } from '../command.ts'
import { toVariable } from '../options.ts'
import { connectionOptions } from '../send/options.ts'
import { quoteForShell } from '../terminal.ts'

/** The facts in the greeting of `sendbox start`. */
interface Greeting {
  readonly server: Pick<MockServer, 'url' | 'httpsUrl' | 'ca' | 'dashboardUrl'>
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
    dashboard: isControlOpen ? server.dashboardUrl : null,
    control: isControlOpen ? `${server.url}/__sendbox` : null,
    pid,
  }
  return `${JSON.stringify(ready)}\n`
}

/** The URLs of a mock; whoever asks by https has to trust its CA. */
const toUrls = ({ url, httpsUrl }: Greeting['server']): string =>
  httpsUrl === undefined ? url : `${url} + ${httpsUrl} (sendbox ca)`

/** The line that makes the printed commands reach a mock that differs from their defaults; empty for one that does not. */
function toExportLine({ server, account }: Greeting): string {
  const values = { url: server.url, ...account }
  const differing = (['url', 'clientId', 'clientSecret'] as const)
    .filter(name => values[name] !== connectionOptions[name].default)
    .map(name => ` ${toVariable(name)}=${quoteForShell(values[name])}`)
  return differing.length === 0 ? '' : `  export${differing.join('')}\n`
}

/** Formats the greeting for a person on loopback, in 12 rows of 80 columns at most; it shows test credentials. */
export const toStartBanner = (
  greeting: Greeting & {
    /** Whether the control API requires a token. */
    readonly isControlTokenRequired: boolean
  },
): string => {
  const { server, account, isControlTokenRequired } = greeting
  const { accountId, clientId, clientSecret } = account
  return `Sendbox listens on ${toUrls(server)}
  dashboard    ${server.dashboardUrl}
  account      ${accountId}   (any other account id works too)
  credentials  client id ${clientId}, client secret ${clientSecret}
  control API  ${server.url}/__sendbox${isControlTokenRequired ? '   (requires its token)' : ''}

${toExportLine(greeting)}  ${pastedCommand} send "Hello"   sends a text, from another terminal
  ${pastedCommand} token          prints a pair of tokens
  ${pastedCommand} curl "Hello"   prints a curl line that sends a text
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
