import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { startMockServer } from '@sendbox/mock-server'
import { request } from 'undici'
import { z } from 'zod'
import { isPlainHttpRefused } from '../proxy.ts'
import { HttpTarget } from '../traces/http-target.ts'
import type { ServiceTarget } from '../verify/verify-at-service.ts'
import { CommandError, orRefuse, type Terminal } from './terminal.ts'

const credentialNames = [
  'SENDBOX_ACCOUNT_ID',
  'SENDBOX_CLIENT_ID',
  'SENDBOX_CLIENT_SECRET',
] as const

/** British lists have no comma before the last name. */
const list = new Intl.ListFormat('en-GB')

/** The flag that lifts the refusal of plain http. */
export interface PlainHttpFlag {
  readonly allowPlainHttp?: boolean
}

/** Parses an http or https URL; plain http only where nobody outside listens (WH-13), or with the flag. Throws a `CommandError` that shows the right form. */
export function readUrl(text: string, flag: PlainHttpFlag): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new CommandError(
      `--target "${text}" is neither mock nor a URL. Write --target mock, or the base URL of the Domain API: --target https://<host>`,
    )
  if (url.username !== '' || url.password !== '')
    throw new CommandError('--target must not hold a user name or a password')
  if (isPlainHttpRefused(url, flag))
    throw new CommandError(
      `--target ${url.origin} would send the client secret and tokens over plain http, off the local network. Write https://, or add --allow-plain-http where everybody on the way may read them`,
    )
  return url
}

/** Parses `mock`, or the URL of a Domain API, with credentials from the environment. */
export function readTarget(
  text: string,
  { env }: Pick<Terminal, 'env'>,
  flag: PlainHttpFlag = {},
): 'mock' | ServiceTarget {
  if (text === 'mock') return 'mock'
  const { origin } = readUrl(text, flag)
  const missing = credentialNames.filter(name => !env[name])
  if (missing.length > 0)
    throw new CommandError(
      `${list.format(missing)} ${missing.length === 1 ? 'is' : 'are'} not set. A run against ${origin} logs in with ${list.format(credentialNames)} from the environment; set them, or use --target mock`,
    )
  const [accountId = '', clientId = '', clientSecret = ''] = credentialNames.map(
    name => env[name] ?? '',
  )
  return {
    domainApiUrl: origin,
    accountId,
    clientId,
    clientSecret,
    allowPlainHttp: flag.allowPlainHttp,
  }
}

const KeysSchema = z.object({ keys: z.tuple([z.looseObject({ kid: z.string() })]) })

async function readMockKey(): Promise<JsonWebKey> {
  const server = await startMockServer()
  try {
    const { body } = await request(`${server.url}/__sendbox/jwks.json`)
    return KeysSchema.parse(await body.json()).keys[0]
  } finally {
    await server.close()
  }
}

/** Whether an AppJWT is signed by a mock: all mocks share one test key, which no service has. Rule: AUTH-3. */
async function isSignedByMock(appJwt: string): Promise<boolean> {
  const [header = '', claims = '', signature = ''] = appJwt.split('.')
  const key = createPublicKey({ key: await readMockKey(), format: 'jwk' })
  const signed = Buffer.from(`${header}.${claims}`)
  return verify('RSA-SHA256', signed, key, Buffer.from(signature, 'base64url'))
}

const reasonOf = (error: unknown): string => {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
  return typeof code === 'string' ? code : (String(message).split('\n')[0] ?? '')
}

/** Checks that a service can be reached and accepts the credentials, and whether it is a mock; throws a `CommandError` if it does not. */
export async function checkService(
  service: ServiceTarget,
  run: string,
): Promise<{ readonly isMock: boolean }> {
  const target = new HttpTarget({ ...service, run })
  const { domainApiUrl, accountId } = service
  await orRefuse(
    target.originOf('send'),
    error =>
      `${domainApiUrl} does not tell where the services of account ${accountId} are (${reasonOf(error)}). Check --target, SENDBOX_ACCOUNT_ID and the network`,
  )
  const { appJwt } = await orRefuse(
    target.tokensOf('consumer'),
    () =>
      `${domainApiUrl} gives no tokens to account ${accountId}. Check SENDBOX_CLIENT_ID and SENDBOX_CLIENT_SECRET, and that the app is installed`,
  )
  return { isMock: await isSignedByMock(appJwt) }
}
