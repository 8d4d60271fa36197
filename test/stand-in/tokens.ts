import { createHmac, createPublicKey, sign as signBytes, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Refusal, type StandInAnswer } from './answer.ts'

/** Who may call the stand-in. */
export const standInClient = {
  accountId: 'le-4711',
  clientId: '0b9a6c1e-stand-in',
  clientSecret: 'stand-in-secret-7f3a',
} as const

const { accountId, clientId, clientSecret } = standInClient
const privateKey = readFileSync(new URL('key.pem', import.meta.url), 'utf8')
const publicKey = createPublicKey(privateKey)

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** AUTH-3: with a key that is not the mock's. */
function sign(claims: Readonly<Record<string, unknown>>): string {
  const text = `${encode({ alg: 'RS256', typ: 'JWT', kid: 'appjwt-24-11-26' })}.${encode(claims)}`
  return `${text}.${signBytes('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')}`
}

function read(token: string): Readonly<Record<string, unknown>> | undefined {
  const [header, claims = '', signature = ''] = token.split('.')
  const signed = Buffer.from(`${header}.${claims}`)
  if (!verify('RSA-SHA256', signed, publicKey, Buffer.from(signature, 'base64url')))
    return undefined
  return JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>
}

const refuseToken = (status: number, error: string): StandInAnswer => ({
  status,
  body: { error, error_description: error.replaceAll('_', ' ') },
})

/** EP-9 to EP-12. */
export function answerAppToken(
  query: URLSearchParams,
  form: URLSearchParams,
  isSecretAnswered400: boolean,
): StandInAnswer {
  const given = (name: string) => query.get(name) ?? form.get(name)
  const grant = given('grant_type')
  if (grant === null) return refuseToken(400, 'invalid_request')
  if (grant !== 'client_credentials') return refuseToken(400, 'unsupported_grant_type')
  if (given('client_id') !== clientId || given('client_secret') !== clientSecret)
    return refuseToken(isSecretAnswered400 ? 400 : 401, 'invalid_client')
  const seconds = Math.floor(Date.now() / 1000)
  const claims = { aud: accountId, azp: clientId, scope: 'msg.consumer', iss: 'Sentinel' }
  const token = sign({ ...claims, iat: seconds, exp: seconds + 3600 })
  return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: 3600 } }
}

/** AUTH-5, AUTH-6. */
export function checkAppJwt(header: string | undefined): void {
  if (!header)
    throw new Refusal(40105, 'AUTHORIZATION header is not present', { title: 'AppJWT is missing' })
  const claims = read(header.replace(/^Bearer /, ''))
  if (claims?.['aud'] !== accountId || claims['iss'] !== 'Sentinel')
    throw new Refusal(40102, 'AppJWT has expired or is invalid', { title: 'Invalid AppJWT' })
}

/** AUTH-4, EP-13: the token of a consumer is the same each time. */
export const answerConsumer = (extConsumerId: string): StandInAnswer => ({
  status: 201,
  body: {
    token: sign({
      account_id: accountId,
      ext_consumer_id: extConsumerId,
      lp_consumer_id: createHmac('sha256', 'consumers').update(extConsumerId).digest('hex'),
    }),
  },
})

/** AUTH-6; answers who the consumer is. */
export function readConsumer(header: string | undefined): string {
  if (!header)
    throw new Refusal(40104, 'X_ON_BEHALF_HEADER is not present', {
      title: 'ConsumerJWS is missing',
    })
  const consumer = read(header)?.['lp_consumer_id']
  if (typeof consumer !== 'string') throw notTheirs()
  return consumer
}

/** AUTH-6, AUTH-9. */
export const notTheirs = (): Refusal =>
  new Refusal(40103, 'ConsumerJWS is invalid', { title: 'Invalid ConsumerJWS' })
