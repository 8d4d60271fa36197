import { createPrivateKey, createPublicKey, type JsonWebKey, sign, verify } from 'node:crypto'
import { expect } from 'vitest'
import { testPrivateJwk } from '../../packages/mock-server/src/tokens/test-key-pair.ts'
import { type ApiCall, call } from './calls.ts'
import type { Expectation, Request } from './row.ts'
import { type Answer, accountId, nowMs, type World } from './world.ts'

const tokenPath = `/sentinel/api/account/${accountId}/app/token`

export const grant = { v: '1.0', grant_type: 'client_credentials' }
export const client = { client_id: 'sendbox-client', client_secret: 'sendbox-secret' }

const search = (parameters: Readonly<Record<string, string>>): string =>
  `?${new URLSearchParams(parameters).toString()}`

/** Asks for an AppJWT with these parameters in the query and in the form. */
export const askAppJwt =
  (query: Readonly<Record<string, string>>, form?: Readonly<Record<string, string>>): Request =>
  world =>
    world.fetch({
      path: `${tokenPath}${search(query)}`,
      ...(form && {
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(form).toString(),
      }),
    })

/** Asks for an AppJWT with all parameters in the query and a JSON body. */
export const askAppJwtWithJson =
  (query: Readonly<Record<string, string>>): Request =>
  world =>
    world.fetch({
      path: `${tokenPath}${search(query)}`,
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    })

/** Asks for an AppJWT with credentials by HTTP Basic, and these parameters in the query. */
export const askAppJwtByBasic =
  (credentials: string, query: Readonly<Record<string, string>> = grant): Request =>
  world =>
    world.fetch({
      path: `${tokenPath}${search(query)}`,
      headers: { Authorization: `Basic ${btoa(credentials)}` },
    })

/** Asks for a ConsumerJWS; carries the AppJWT only. */
export const askConsumerJws = (json: unknown, more: Partial<ApiCall> = {}): Request =>
  call({
    path: `/api/account/${accountId}/consumer`,
    query: '?v=1.0',
    headers: { 'X-LP-ON-BEHALF': undefined },
    json,
    ...more,
  })

/** Logs an agent in; carries no token. */
export const logIn = (json: unknown): Request =>
  call({
    path: `/api/account/${accountId}/login`,
    query: '?v=1.3',
    headers: { Authorization: undefined, 'X-LP-ON-BEHALF': undefined },
    json,
  })

const installsPath = `/api/account/${accountId}/configuration/app-install/installations`

/** How a call on an app install differs from a good one. */
interface InstallCall {
  /** @default 'sendbox-client' */
  readonly id?: string
  readonly json?: unknown
  readonly headers?: Readonly<Record<string, string | undefined>>
}

/** Logs an agent in, reads the revision, and makes a call on app installs with both. */
const withSession =
  (method: string, path: string, { json, headers }: InstallCall): Request =>
  async world => {
    const { bearer } = (await logIn({ username: 'zoe', password: 'any one' })(world)).json as {
      bearer: string
    }
    const session = { Authorization: `Bearer ${bearer}`, 'X-LP-ON-BEHALF': undefined }
    const query = '?v=1.0'
    const list = await call({ method: 'GET', path: installsPath, query, headers: session })(world)
    const revision = list.headers.get('ac-revision') ?? ''
    return call({
      method,
      path,
      query,
      headers: { ...session, 'If-Match': revision, ...headers },
      ...(json !== undefined && { json }),
    })(world)
  }

/** Calls the list of app installs as an agent. */
export const onInstalls = (method: string): Request => withSession(method, installsPath, {})

/** Calls an app install as an agent, with its present revision. */
export const onInstall = (method: string, options: InstallCall = {}): Request =>
  withSession(method, `${installsPath}/${options.id ?? 'sendbox-client'}`, options)

const iat = Math.floor(nowMs / 1000)

/** The claims of a good AppJWT. Rule: AUTH-3. */
export const appClaims = {
  aud: accountId,
  azp: 'sendbox-client',
  scope: 'msg.consumer',
  iss: 'Sentinel',
  iat,
  exp: iat + 3600,
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Signs claims with the published key. */
export function forge(claims: object): string {
  const header = { alg: 'RS256', typ: 'JWT', kid: testPrivateJwk.kid }
  const signed = `${encode(header)}.${encode(claims)}`
  const key = createPrivateKey({ key: { ...testPrivateJwk }, format: 'jwk' })
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`
}

const decode = (part = ''): unknown => JSON.parse(Buffer.from(part, 'base64url').toString())

/** The claims of a token, whoever signed it. */
export const claimsOf = (token: string): Readonly<Record<string, unknown>> =>
  decode(token.split('.')[1]) as Readonly<Record<string, unknown>>

async function publicKeys({ url }: World): Promise<JsonWebKey[]> {
  const answer = await fetch(`${url}/__sendbox/jwks.json`)
  return ((await answer.json()) as { keys: JsonWebKey[] }).keys
}

/** Expects a token of the answer to have these claims, the documented header, and a good signature. Rules: AUTH-3, AUTH-4. */
export const holdsToken =
  (read: (answer: Answer) => string, claims: object): Expectation =>
  async (answer, world) => {
    const [header, payload, signature = ''] = read(answer).split('.')
    expect(decode(header)).toEqual({
      alg: 'RS256',
      typ: 'JWT',
      kid: expect.stringMatching(/^appjwt-(?:0[1-9]|[12]\d|3[01])-(?:0[1-9]|1[0-2])-\d\d$/),
    })
    expect(decode(payload)).toEqual(claims)
    const [jwk] = await publicKeys(world)
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
    const signed = Buffer.from(`${header}.${payload}`)
    expect(verify('sha256', signed, key, Buffer.from(signature, 'base64url'))).toBe(true)
  }

export const readAppJwt = ({ json }: Answer): string =>
  (json as { access_token: string }).access_token

export const readConsumerJws = ({ json }: Answer): string => (json as { token: string }).token
