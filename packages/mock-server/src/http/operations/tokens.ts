import {
  ConsumerRequestSchema,
  errorCodes,
  nearestName,
  type RuleId,
  type SentAppTokenError,
  type SentAppTokenResponse,
  type SentConsumerResponse,
} from '@sendbox/schema'
import type { Services } from '../../services.ts'
import { toLpConsumerId } from '../../tokens/token-service.ts'
import { authenticateApp } from '../authenticate.ts'
import { type Call, parametersOf } from '../call.ts'
import { explainUnreadable } from '../explain/body.ts'
import {
  describeBody,
  explainClient,
  explainParameter,
  type GivenCredentials,
} from '../explain/credentials.ts'
import type { Explanation } from '../explain/explanation.ts'
import { type ServiceResponse, toErrorResponse } from '../response.ts'

/** RFC 6749, 5.1: no cache may store tokens or refusals. */
const headers = { 'Cache-Control': 'no-store', Pragma: 'no-cache' }

interface TokenRefusal {
  readonly status: 400 | 401
  readonly error: SentAppTokenError['error']
  readonly description: string
  readonly explanation: Explanation
  readonly rules?: readonly RuleId[]
}

/** Rules: EP-12, EP-12a. */
const refuse = ({
  status,
  error,
  description,
  explanation,
  rules = ['EP-12.1', 'EP-12.2'],
}: TokenRefusal): ServiceResponse => ({
  status,
  headers,
  body: { error, error_description: description } satisfies SentAppTokenError,
  rules,
  explanation,
})

/** All different values of a parameter, in the query and in the form. Rule: EP-10. */
const valuesOf = (name: string, sources: readonly URLSearchParams[]): string[] => [
  ...new Set(sources.flatMap(source => source.getAll(name))),
]

/** The fields of a form; a body of another type has none. Rule: EP-10. */
const readFormFields = ({ request }: Call, bytes: Uint8Array): URLSearchParams =>
  new URLSearchParams(isForm(request) ? new TextDecoder().decode(bytes) : '')

const isForm = (request: Call['request']): boolean =>
  Boolean(request.is('application/x-www-form-urlencoded'))

/** The media type of a body that is neither a form nor empty; `{}` counts as empty. Rule: EP-10. */
function otherTypeOf({ request }: Call, bytes: Uint8Array): string | undefined {
  if (isForm(request) || bytes.byteLength === 0) return undefined
  if (/^\s*\{\s*\}\s*$/.test(new TextDecoder().decode(bytes.subarray(0, 20)))) return undefined
  return (request.get('content-type') ?? '').toLowerCase()
}

type Pair = readonly [id: string, secret: string]

const decodeFormValue = (text: string): string =>
  new URLSearchParams(`v=${text.replaceAll('&', '%26')}`).get('v') ?? ''

/** The credentials of HTTP Basic, form-encoded inside as OAuth says, or plain as many clients write them. Rule: EP-12a. */
function readBasic(authorization: string): Pair[] {
  const encoded = /^Basic +([A-Za-z\d+/_=-]+)$/i.exec(authorization)?.[1] ?? ''
  const [, id = '', secret = ''] =
    /^([^:]*):([\s\S]*)$/.exec(Buffer.from(encoded, 'base64').toString()) ?? []
  return id === ''
    ? []
    : [
        [decodeFormValue(id), decodeFormValue(secret)],
        [id, secret],
      ]
}

const grantTypeRefusal = (
  grantType: string | undefined,
  given: GivenCredentials,
): ServiceResponse => {
  if (!grantType) {
    const body = describeBody(given.otherType)
    return refuse({
      status: 400,
      error: 'invalid_request',
      description: `grant_type is missing${body ? `: ${body} is not read` : ''}`,
      explanation: explainParameter('grant_type', given),
    })
  }
  return refuse({
    status: 400,
    error: 'unsupported_grant_type',
    description: 'grant_type must be client_credentials',
    explanation: {
      part: 'grant_type',
      expected: 'client_credentials',
      received: nearestName(grantType, ['client_credentials'])
        ? 'a word that is nearly that'
        : 'another one',
    },
  })
}

/** Responds to the AppJWT call by the client credentials grant. Rules: EP-9, EP-10, EP-11, EP-12, EP-12a. */
export async function appToken(call: Call, services: Services): Promise<ServiceResponse> {
  const { request, accountId, bytes, settings } = call
  const { installs } = services
  if (!bytes.ok) {
    const { refusal } = bytes
    return refuse({
      status: 400,
      error: 'invalid_request',
      description: 'The form cannot be read',
      explanation: explainUnreadable({ refusal, call, services }),
    })
  }
  const sources = [parametersOf(request), readFormFields(call, bytes.value)]
  const values = {
    grant_type: valuesOf('grant_type', sources),
    client_id: valuesOf('client_id', sources),
    client_secret: valuesOf('client_secret', sources),
  }
  const twice = Object.entries(values).find(([, { length }]) => length > 1)?.[0]
  if (twice)
    return refuse({
      status: 400,
      error: 'invalid_request',
      description: 'A parameter is given twice with different values',
      explanation: {
        part: twice,
        expected: 'one value',
        received: 'different values in query and form',
      },
    })
  const authorization = request.get('authorization') ?? ''
  const takesBasic = settings.mode === 'as-service'
  const pairs = takesBasic ? readBasic(authorization) : []
  const hasParameters = values.client_id.length > 0 || values.client_secret.length > 0
  const isBasic = /^basic\b/i.test(authorization)
  const given: GivenCredentials = {
    accountId,
    names: sources.flatMap(source => [...source.keys()]),
    clientId: values.client_id[0] ?? pairs[0]?.[0],
    clientSecret: values.client_secret[0] ?? pairs[0]?.[1],
    otherType: otherTypeOf(call, bytes.value),
    scheme: /^\w+/.exec(authorization)?.[0].toLowerCase(),
    takesBasic,
  }
  const [grantType] = values.grant_type
  if (grantType !== 'client_credentials') return grantTypeRefusal(grantType, given)
  if (takesBasic && isBasic && hasParameters)
    return refuse({
      status: 400,
      error: 'invalid_request',
      description: 'Client credentials are given by HTTP Basic and as parameters',
      explanation: {
        part: 'client_id and client_secret',
        expected: 'them once',
        received: 'HTTP Basic and parameters together',
      },
      rules: ['EP-12a'],
    })
  const candidates = hasParameters ? [[values.client_id[0], values.client_secret[0]]] : pairs
  const install = candidates
    .map(([id, secret]) => installs.find(accountId, id, secret))
    .find(found => found !== undefined)
  if (install === undefined) {
    const explanation = explainClient(given, installs)
    const body = hasParameters ? undefined : describeBody(given.otherType)
    const refused = refuse({
      status: 401,
      error: 'invalid_client',
      description: body
        ? `client_id and client_secret are missing: ${body} is not read`
        : 'client_id or client_secret is missing or wrong',
      explanation,
      ...((body || isBasic) && { rules: ['EP-12.1', 'EP-12.2', 'EP-12a'] }),
    })
    return isBasic ? { ...refused, headers: { ...headers, 'WWW-Authenticate': 'Basic' } } : refused
  }

  const { lifetimeSeconds, expiresIn } = settings.token
  const issuedAt = services.clocks.now(accountId)
  const lifetime = { issuedAt, lifetimeSeconds }
  const body: SentAppTokenResponse = {
    access_token: await services.tokens.signAppJwt(accountId, install.clientId, lifetime),
    token_type: 'Bearer',
    ...(expiresIn && { expires_in: lifetimeSeconds }),
  }
  const rules: RuleId[] = [
    'EP-9',
    'AUTH-3',
    ...(hasParameters ? [] : ['EP-12a' as const]),
    ...(body.expires_in === undefined ? [] : ['EP-11' as const]),
  ]
  return { status: 200, headers, body, rules }
}

/** Responds to the ConsumerJWS call. Rules: EP-13, EP-14. */
export async function consumer(
  { request, accountId, json: payload, settings }: Call,
  { clocks, tokens }: Services,
): Promise<ServiceResponse> {
  const now = clocks.now(accountId)
  const app = await authenticateApp(request, { accountId, tokens, now })
  if (!app.ok) return toErrorResponse(app.refusal, settings)
  if (!payload.ok) return toErrorResponse(payload.refusal, settings)
  const parsed = ConsumerRequestSchema.safeParse(payload.value)
  if (!parsed.success)
    return toErrorResponse(
      {
        errorCode: errorCodes.invalidPayload,
        params: { pointer: '/ext_consumer_id', expected: 'a string that is not empty' },
        rules: ['EP-14.2'],
      },
      settings,
    )
  const extConsumerId = parsed.data.ext_consumer_id
  const token = await tokens.signConsumerJws(accountId, extConsumerId)
  return {
    status: 201,
    body: { token } satisfies SentConsumerResponse,
    rules: [request.query['v'] === undefined ? 'EP-14.1' : 'EP-13', 'AUTH-4'],
    facts: { extConsumerId, consumerId: toLpConsumerId(accountId, extConsumerId) },
  }
}
