import { jsonAt, withJsonAt } from './json-at.ts'
import {
  changingResponse,
  isAppToken,
  isConsumer,
  isSend,
  type Mutant,
  put,
  type When,
} from './mutant.ts'

type Json = Readonly<Record<string, unknown>>

const decode = (part = ''): Json => JSON.parse(Buffer.from(part, 'base64url').toString()) as Json

const encode = (json: Json): string => Buffer.from(JSON.stringify(json)).toString('base64url')

/** Changes header or claims of a token; keeps its signature. */
const withParts =
  (change: { header?: (was: Json) => Json; claims?: (was: Json) => Json }) =>
  (token: string): string => {
    const [header, claims, signature] = token.split('.')
    const { header: toHeader = json => json, claims: toClaims = json => json } = change
    return [encode(toHeader(decode(header))), encode(toClaims(decode(claims))), signature].join('.')
  }

/** Issues tokens of another form, and accepts them. */
const reissuing =
  (when: When, pointer: string, change: (token: string) => string): Mutant['create'] =>
  () => {
    const originals = new Map<string, string>()
    return async call => {
      const known = Object.entries(call.request.headers).flatMap(([name, value]) => {
        const original = originals.get(value)
        return original === undefined ? [] : [[name, original] as const]
      })
      const response = await call.forward({ headers: Object.fromEntries(known) })
      const token = jsonAt(response.body, pointer)
      if (!when(call) || typeof token !== 'string') return response
      originals.set(change(token), token)
      return put(pointer, change(token))(response)
    }
  }

const reissuingAppJwt = (change: Parameters<typeof withParts>[0]): Mutant['create'] =>
  reissuing(isAppToken, '/access_token', withParts(change))

const reissuingConsumerJws = (claims: (was: Json) => Json): Mutant['create'] =>
  reissuing(isConsumer, '/token', withParts({ claims }))

const queryParams = '/body/queryParams'

/** Valid tokens and signatures of another form. */
export const tokenFormMutants: readonly Mutant[] = [
  {
    name: 'says that it signs an AppJWT with HS256',
    rules: ['AUTH-3'],
    create: reissuingAppJwt({ header: was => ({ ...was, alg: 'HS256' }) }),
  },
  {
    name: 'does not name the key of an AppJWT',
    rules: ['AUTH-3'],
    create: reissuingAppJwt({ header: was => withJsonAt(was, '/kid', undefined) as Json }),
  },
  {
    name: 'writes another scope into an AppJWT',
    rules: ['AUTH-3'],
    create: reissuingAppJwt({ claims: was => ({ ...was, scope: 'msg.agent' }) }),
  },
  {
    name: 'writes the account into an AppJWT as its client',
    rules: ['AUTH-3'],
    create: reissuingAppJwt({ claims: was => ({ ...was, azp: was['aud'] }) }),
  },
  {
    name: 'lets an AppJWT live for a day',
    rules: ['AUTH-3'],
    create: reissuingAppJwt({ claims: was => ({ ...was, exp: Number(was['iat']) + 86_400 }) }),
  },
  {
    name: 'lets a ConsumerJWS expire',
    rules: ['AUTH-4'],
    create: reissuingConsumerJws(was => ({ ...was, exp: 1_900_000_000 })),
  },
  {
    name: 'shortens the id of a consumer',
    rules: ['AUTH-4'],
    create: reissuingConsumerJws(was => ({
      ...was,
      lp_consumer_id: String(was['lp_consumer_id']).slice(32),
    })),
  },
  {
    name: 'names the consumer of a ConsumerJWS by nothing but the id of its own',
    rules: ['AUTH-4'],
    create: reissuingConsumerJws(was => withJsonAt(was, '/ext_consumer_id', undefined) as Json),
  },
  {
    name: 'shortens the signatures of files',
    rules: ['URL-3.1'],
    create: changingResponse(
      isSend,
      put(`${queryParams}/temp_url_sig`, (was: unknown) => String(was).slice(8)),
    ),
  },
  {
    name: 'says in milliseconds when the URL of a file expires',
    rules: ['URL-3.1'],
    create: changingResponse(
      isSend,
      put(`${queryParams}/temp_url_expires`, (was: unknown) => `${String(was)}000`),
    ),
  },
]
