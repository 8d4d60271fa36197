import { HttpTarget } from '../traces/http-target.ts'
import type { ServiceTarget } from '../verify/verify-at-service.ts'
import { isSignedByMock } from '../verify/verify-message.ts'
import type { Terminal } from './terminal.ts'
import { CommandError } from './terminal.ts'

const credentialNames = [
  'SENDBOX_ACCOUNT_ID',
  'SENDBOX_CLIENT_ID',
  'SENDBOX_CLIENT_SECRET',
] as const

const listOf = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/** Reads an http or https URL; throws a `CommandError` that says what one is. */
export function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new CommandError(
      `--target "${text}" is neither mock nor a URL. Write --target mock, or the base URL of the Domain API: --target https://<host>`,
    )
  if (url.username !== '' || url.password !== '')
    throw new CommandError('--target must not hold a user name or a password')
  return url
}

/** Reads `mock`, or the URL of a Domain API with credentials from the environment. */
export function readTarget(text: string, { env }: Pick<Terminal, 'env'>): 'mock' | ServiceTarget {
  if (text === 'mock') return 'mock'
  const { origin } = readUrl(text)
  const missing = credentialNames.filter(name => !env[name])
  if (missing.length > 0)
    throw new CommandError(
      `${listOf(missing)} ${missing.length === 1 ? 'is' : 'are'} not set. A run against ${origin} logs in with ${listOf(credentialNames)} from the environment; set them, or use --target mock`,
    )
  const [accountId = '', clientId = '', clientSecret = ''] = credentialNames.map(
    name => env[name] ?? '',
  )
  return { domainApiUrl: origin, accountId, clientId, clientSecret }
}

const reasonOf = (error: unknown): string => {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
  return typeof code === 'string' ? code : (String(message).split('\n')[0] ?? '')
}

/**
 * Makes sure that a service is there and knows the client, before anything is opened; throws a `CommandError` else. Answers whether
 * it is a mock all the same.
 */
export async function checkService(
  service: ServiceTarget,
  run: string,
): Promise<{ readonly isMock: boolean }> {
  const target = new HttpTarget({ ...service, run })
  const { domainApiUrl, accountId } = service
  await target.originOf('send').catch((error: unknown) => {
    throw new CommandError(
      `${domainApiUrl} does not tell where the services of account ${accountId} are (${reasonOf(error)}). Check --target, SENDBOX_ACCOUNT_ID and the network`,
    )
  })
  const { appJwt } = await target.tokensOf('consumer').catch(() => {
    throw new CommandError(
      `${domainApiUrl} gives no tokens to account ${accountId}. Check SENDBOX_CLIENT_ID and SENDBOX_CLIENT_SECRET, and that the app is installed`,
    )
  })
  return { isMock: await isSignedByMock(appJwt) }
}
