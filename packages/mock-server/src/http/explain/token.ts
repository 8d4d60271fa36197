import { nearestWord } from '@sendbox/schema'
import type { JWTPayload } from 'jose'
import { decodeProtectedHeader } from 'jose/decode/protected_header'
import { decodeJwt } from 'jose/jwt/decode'
import { testPublicJwk } from '../../tokens/test-key-pair.ts'
import { bearerType, mandatoryAppJwtClaims } from '../../tokens/token-service.ts'
import { type Explanation, namesOf, quoteIf, toTime, valuesOf } from './explanation.ts'
import type { Refused } from './refused.ts'

/** The kind of a token, as LivePerson names it. */
type TokenKind = 'AppJWT' | 'ConsumerJWS'

const headerOf = { AppJWT: 'Authorization', ConsumerJWS: 'X-LP-ON-BEHALF' } as const

/** A token that was received in place of the wanted one, in words. */
type Received = Pick<Explanation, 'received' | 'hint'>

const looksLikeJwt = (text: string): boolean => /^["'`]?ey[\w-]/.test(text)

/** Headers that are often sent in place of the wanted one. */
const likeName = {
  AppJWT:
    /authori[sz]ation|^(?:x-)?(?:lp-)?(?:auth|token|app-?jwt|access[-_]token|auth[-_]token)$/i,
  ConsumerJWS: /on[-_ ]?behalf/i,
} as const

/** Explains a missing token by the header, or the parameter, that came instead of its own. */
function describeAbsent(
  kind: TokenKind,
  { rawHeaders, url }: Refused['call']['request'],
): Received {
  const wanted = headerOf[kind]
  const names = namesOf(rawHeaders)
  if (valuesOf(rawHeaders, wanted).length > 0) return { received: 'an empty value' }
  const like = names.find(
    name => likeName[kind].test(name) || nearestWord(name, [wanted]) !== undefined,
  )
  if (like === undefined) {
    const isInQuery = /[?&](?:access_token|token|jwt|authorization)=/i.test(url)
    return {
      received: 'no such header',
      hint: isInQuery ? 'a token in the query is not read' : undefined,
    }
  }
  const isRest = like.toUpperCase() === 'LP-ON-BEHALF'
  const reason = isRest
    ? 'that is the header of the Messaging REST API'
    : like.includes('_')
      ? 'with hyphens, not underscores'
      : 'the name is another one'
  return { received: `the header${quoteIf(/^[\w-]+$/, like)} instead`, hint: reason }
}

const words = /^(?:undefined|null|nan|none|nil|true|false|\[object \w+\])$/i

const schemes =
  /^(?:Bearer|JWT|JWS|Token|Basic|Digest|ApiKey|Api-Key|OAuth|AppJWT|ConsumerJWS|Negotiate|HMAC)$/i

/** Describes a scheme before a token, written with a space, a colon or nothing between. */
function describeScheme(kind: TokenKind, value: string): Received | undefined {
  const [, scheme = '', rest = ''] =
    /^([A-Za-z][\w-]{0,19})(?:\s*[:=]\s*|\s+)(\S[\s\S]*)$/.exec(value) ?? []
  const glued = /^(bearer|jwt|token)["']?ey/i.exec(value)?.[1]
  const name = glued ?? scheme
  if (name === '' || !(glued || schemes.test(name) || looksLikeJwt(rest))) return undefined
  const isBasic = /^basic$/i.test(name)
  return {
    received: `the scheme ${quoteIf(/^[\w-]{1,20}$/, name).trim() || 'before it'}${glued ? ' without a space' : ''}`,
    hint: isBasic
      ? 'client credentials go to the token endpoint'
      : kind === 'AppJWT'
        ? 'the AppJWT stands alone, or after "Bearer "'
        : 'the ConsumerJWS stands alone',
  }
}

/** Describes a text that has not the form of a token. */
function describeForm(kind: TokenKind, value: string): Received | undefined {
  if (words.test(value))
    return { received: `the word ${value}`, hint: 'a variable had no value when it was sent' }
  if (schemes.test(value)) return { received: 'a scheme without a token' }
  if (/^\s*[{[]\s*"/.test(value))
    return { received: 'JSON', hint: 'send the field access_token or token of it alone' }
  if (/^(?:\{.*\}|\$\{?.*\}?|<.*>|%\w+%|:\w+)$/.test(value))
    return { received: 'a placeholder that was not filled in' }
  if (/^["'`\u201c]|["'`\u201d]$/.test(value)) return { received: 'a token in quotes' }
  const scheme = describeScheme(kind, value)
  if (scheme) return scheme
  if (/,/.test(value)) return { received: 'two values, separated by a comma' }
  if (/\s/.test(value)) return { received: 'a token with white space in it' }
  if (/%[\da-f]{2}/i.test(value)) return { received: 'a token with percent escapes' }
  const { length } = value.split('.')
  if (length === 5) return { received: 'a token of 5 parts, which is encrypted' }
  if (length !== 3)
    return {
      received: `a text of ${length} ${length === 1 ? 'part' : 'parts'}: a token has 3, with dots between`,
    }
  if (/[^\w.-]/.test(value)) return { received: 'characters that base64url has not' }
  return undefined
}

const kindOf = (claims: JWTPayload): TokenKind | undefined =>
  'ext_consumer_id' in claims || 'lp_consumer_id' in claims
    ? 'ConsumerJWS'
    : 'azp' in claims || 'aud' in claims || 'scope' in claims
      ? 'AppJWT'
      : undefined

function decode(token: string) {
  try {
    return { header: decodeProtectedHeader(token), claims: decodeJwt(token) }
  } catch {
    return undefined
  }
}

/** Describes the header of a token that this mock has not signed in this form. Rule: AUTH-3. */
function describeHeader({
  alg,
  typ,
  kid,
}: ReturnType<typeof decodeProtectedHeader>): string | undefined {
  if (alg !== 'RS256')
    return `one with the alg${quoteIf(/^[\w-]{1,12}$/, alg) || ' of another form'}`
  if (kid !== undefined && kid !== testPublicJwk.kid)
    return `one that a foreign key signed, kid${quoteIf(/^appjwt-[\d-]{1,12}$/, kid) || ' of another form'}`
  if (typ === bearerType) return "the bearer of an agent's login"
  return typ?.toLowerCase() === 'jwt' ? undefined : 'one whose typ is not JWT'
}

const accountForm = /^[\w.~-]{1,40}$/

/** Describes a claim that refuses a token of the right kind. Rules: AUTH-3, AUTH-4, AUTH-6, AUTH-8, AUTH-10. */
function describeClaims(
  kind: TokenKind,
  claims: JWTPayload,
  { call, services }: Refused,
): Received | undefined {
  const clock = services.clocks.of(call.accountId)
  const now = clock.now()
  const byClock = `the account's clock shows ${toTime(now)}${clock.frozen ? ' and is frozen' : ''}`
  const { exp, nbf } = claims
  for (const [name, value] of Object.entries({ exp, nbf }))
    if (value !== undefined && typeof value !== 'number')
      return { received: `one whose claim ${name} is no number` }
  if (exp !== undefined && exp <= Math.floor(now / 1000))
    return { received: `one that expired at ${toTime(exp * 1000)}`, hint: byClock }
  if (nbf !== undefined && nbf > Math.floor(now / 1000))
    return { received: `one that is not yet valid, until ${toTime(nbf * 1000)}`, hint: byClock }
  const account = kind === 'AppJWT' ? claims.aud : claims['account_id']
  if (account !== undefined && account !== call.accountId)
    return { received: `one of account${quoteIf(accountForm, account) || ' of another form'}` }
  const wanted =
    kind === 'AppJWT' ? mandatoryAppJwtClaims : ['account_id', 'ext_consumer_id', 'lp_consumer_id']
  const missing = wanted.filter(name => claims[name] === undefined)
  if (missing.length > 0) return { received: `one without the claim ${missing.join(', ')}` }
  if (kind === 'AppJWT')
    return String(claims.iss).toLowerCase() === 'sentinel'
      ? undefined
      : {
          received: `one of the issuer${quoteIf(/^[\w.:/-]+$/, claims.iss) || ' of another form'}`,
          hint: 'iss is Sentinel',
        }
  if (Object.keys(claims).length > wanted.length)
    return {
      received: 'one with further claims',
      hint: `its claims are exactly ${wanted.join(', ')}`,
    }
  return /^[\da-f]{64}$/.test(String(claims['lp_consumer_id']))
    ? undefined
    : { received: 'one whose lp_consumer_id is not 64 hexadecimal digits in small letters' }
}

async function describeToken(
  kind: TokenKind,
  token: string,
  refused: Refused,
): Promise<Received | undefined> {
  const { request } = refused.call
  const form = describeForm(kind, token)
  if (form) return form
  const decoded = decode(token)
  if (decoded === undefined)
    return { received: 'a text whose parts are not JSON in base64url', hint: 'it may be cut off' }
  const found = kindOf(decoded.claims)
  if (found && found !== kind) {
    const other = decode(readToken(request, found))
    const isSwapped = other && kindOf(other.claims) === kind
    return {
      received: `${found === 'AppJWT' ? 'an' : 'a'} ${found}`,
      hint: isSwapped ? 'the two tokens are swapped' : `it belongs into ${headerOf[found]}`,
    }
  }
  const header = describeHeader(decoded.header)
  if (header) return { received: header }
  if (!(await refused.services.tokens.hasOwnSignature(token)))
    return {
      received: 'one with a wrong signature',
      hint: 'changed, cut off, or signed by another key',
    }
  return describeClaims(kind, decoded.claims, refused)
}

/** The token of a header without a scheme that is allowed there. Rules: AUTH-1, AUTH-2. */
function readToken({ rawHeaders }: Refused['call']['request'], kind: TokenKind): string {
  const value = valuesOf(rawHeaders, headerOf[kind])[0] ?? ''
  return kind === 'AppJWT' ? value.replace(/^Bearer +/i, '') : value
}

/** Explains what is wrong with a token of a call; `undefined` where it is right. Rules: AUTH-1 to AUTH-10. */
export async function explainToken(
  kind: TokenKind,
  refused: Refused,
): Promise<Explanation | undefined> {
  const { call } = refused
  const part = headerOf[kind]
  const article = kind === 'AppJWT' ? 'an' : 'a'
  const expected = `${article} ${kind} of account${quoteIf(accountForm, call.accountId) || ' of the path'}`
  const values = valuesOf(call.request.rawHeaders, part)
  const token = readToken(call.request, kind)
  if (token === '') return { part, expected, ...describeAbsent(kind, call.request) }
  if (values.length > 1 && kind === 'ConsumerJWS')
    return { part, expected, received: `the header ${values.length} times` }
  const received = await describeToken(kind, token, refused)
  if (received === undefined) return undefined
  const times =
    values.length > 1 && `the header came ${values.length} times, and the first one counts`
  return { part, expected, ...received, ...(times && { hint: times }) }
}
