import { nearestName } from '@sendbox/schema'
import type { AppInstalls } from '../../accounts/app-installs.ts'
import { alternativesOf, type Explanation, quoteIf } from './explanation.ts'
import type { Refused } from './refused.ts'

/** The parameters of a call of the token endpoint, and the credentials of its client. */
export interface GivenCredentials {
  readonly accountId: string
  /** The names of all parameters in query and form. */
  readonly names: readonly string[]
  readonly clientId: string | undefined
  readonly clientSecret: string | undefined
  /** The media type of a body that is no form, in small letters; absent without a body. */
  readonly otherType: string | undefined
  /** The scheme of the `Authorization` header, in small letters. */
  readonly scheme: string | undefined
  /** Whether Basic is accepted. Rule: EP-12a. */
  readonly takesBasic: boolean
}

const form = 'the query, a form (application/x-www-form-urlencoded) or HTTP Basic'

/** A body that is no form, in the words of its media type. */
export function describeBody(otherType: string | undefined): string | undefined {
  if (otherType === undefined) return undefined
  if (/\bjson\b/.test(otherType)) return 'a JSON body'
  if (otherType.startsWith('multipart/')) return 'a multipart body'
  return otherType === '' ? 'a body without a Content-Type' : 'a body of another Content-Type'
}

/** Explains a missing parameter by the body or the name that came instead. Rules: EP-10, EP-12. */
export function explainParameter(
  part: string,
  { names, otherType }: GivenCredentials,
): Explanation {
  const like = names.find(name => nearestName(name, [part]) !== undefined && name !== part)
  const body = describeBody(otherType)
  return {
    part,
    expected: `the parameter ${part} in the query or a form`,
    received: like ? `the parameter${quoteIf(/^[\w-]+$/, like)}` : (body ?? 'nothing'),
    hint: body && !like ? `${body} is not read` : undefined,
  }
}

const words = /^(?:undefined|null|)$/

/** Changes that make a wrong pair of credentials right. */
const repairs: readonly (readonly [
  string,
  (id: string, secret: string) => readonly [string, string],
])[] = [
  ['the two are swapped', (id, secret) => [secret, id]],
  ['there is white space around one of them', (id, secret) => [id.trim(), secret.trim()]],
  [
    'they are in quotes',
    (id, secret) => [id.replaceAll(/^["']|["']$/g, ''), secret.replaceAll(/^["']|["']$/g, '')],
  ],
  ['their escapes were encoded twice', (id, secret) => [decodeEscapes(id), decodeEscapes(secret)]],
]

function decodeEscapes(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Explains credentials that are missing, somewhere else, or wrong. Rules: EP-12, EP-12a. */
export function explainClient(given: GivenCredentials, installs: AppInstalls): Explanation {
  const { accountId, names, clientId, clientSecret, otherType, scheme, takesBasic } = given
  const part = 'client_id and client_secret'
  const account = quoteIf(/^[\w.~-]{1,40}$/, accountId)
  const expected = `those of an app of account${account || ' of the path'}, in ${form}`
  if (scheme === 'basic' && !takesBasic)
    return {
      part,
      expected,
      received: 'HTTP Basic',
      hint: 'strict mode does not accept it: no source of LivePerson names it',
    }
  const [id, secret] = [clientId, clientSecret]
  if (id === undefined || secret === undefined) {
    const missing = alternativesOf(
      ['client_id', 'client_secret'].filter((_, index) => [id, secret][index] === undefined),
    )
    const body = describeBody(otherType)
    const like = names.find(
      name => /client|secret/i.test(name) && !/^client_(?:id|secret)$/.test(name),
    )
    if (body) return { part, expected, received: body, hint: `${body} is not read; send a form` }
    if (like) return { part, expected, received: `the parameter${quoteIf(/^[\w-]+$/, like)}` }
    if (scheme === 'basic')
      return { part, expected, received: 'a Basic value that is no base64 of id:secret' }
    if (scheme !== undefined)
      return {
        part,
        expected,
        received: `neither, but an Authorization of another scheme`,
        hint: 'no token is needed to ask for an AppJWT',
      }
    return { part, expected, received: `no ${missing}` }
  }
  if (words.test(id) || words.test(secret))
    return { part, expected, received: 'an empty value, or the word undefined or null' }
  const repair = repairs.find(([, change]) => installs.find(accountId, ...change(id, secret)))
  if (repair) return { part, expected, received: 'a pair that is nearly right', hint: repair[0] }
  const known = installs.list(accountId)
  if (known.some(install => install.clientId === id))
    return { part, expected, received: 'the client_id of an app with a wrong client_secret' }
  const ids = known.map(install => quoteIf(/^[\w.~-]+$/, install.clientId).trim()).filter(Boolean)
  return {
    part,
    expected,
    received: 'an unknown client_id',
    ...(ids.length > 0 && { hint: `the account has ${alternativesOf(ids)}` }),
  }
}

/** Explains a refused login: no password is compared. Rule: EP-18. */
export function explainLogin({ call: { settings } }: Refused): Explanation {
  const isLoopback = settings.agentLogin === 'loopback'
  return {
    part: 'The login',
    expected: isLoopback ? 'one on a loopback address of the mock' : 'none',
    received: isLoopback ? 'one on another address' : 'one',
    hint: `setting agentLogin is "${settings.agentLogin}"`,
  }
}
