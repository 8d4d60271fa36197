import { z } from 'zod'
import { fillPlaceholders, placeholders } from '../pact/placeholders.ts'
import { type Pass, type PassingAnswer, type PassingRequest, startProxy } from '../proxy.ts'
import type { HttpTarget, HttpTargetOptions } from '../traces/http-target.ts'
import { repeatPatiently, type Wait } from '../traces/retry-after.ts'
import { type Alias, toPact, toTarget } from './alias.ts'
import { askFileUrl, type InteractionStates } from './interaction-states.ts'
import { findOperation } from './pact-interactions.ts'
import { createSecrets, type Secrets } from './secrets.ts'

/** What stands between the verifier and the target while one interaction is verified. */
export interface InteractionGateway extends AsyncDisposable {
  readonly url: string
  /** Where the verifier asks for provider states. */
  readonly statesUrl: string
  /** Calls of the interaction that came. */
  readonly hits: number
  /** What went wrong with provider states. */
  readonly problems: readonly string[]
  /** The rules that the last answer named; a mock names them. Rule: RES-9. */
  readonly rules: readonly string[]
  /** What no report may show of what passed. */
  readonly secrets: Secrets
}

export interface InteractionGatewayOptions {
  readonly target: HttpTarget
  /** The tokens of the consumer that the interaction is about. */
  readonly tokens: () => Promise<{ readonly appJwt: string; readonly consumerJws: string }>
  readonly states: InteractionStates
  readonly aliases: readonly Alias[]
  readonly dispatcher?: HttpTargetOptions['dispatcher']
  readonly wait?: Wait
  /** Sees the answers to batches, which open conversations. */
  readonly onBatchAnswer?: (answer: unknown) => void
}

const statesPath = '/__sendbox/provider-states'

const StateCallSchema = z.looseObject({
  state: z.string(),
  params: z.record(z.string(), z.unknown()).nullish(),
  action: z.string().optional(),
})

const parseJson = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
}

const json = (status: number, body: unknown): PassingAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  bytes: Buffer.from(JSON.stringify(body)),
})

/** A pact may send a token that is wrong on purpose. */
const isWrongOnPurpose = (token: string): boolean => /^(Bearer )?(BROKEN|INVALID)/i.test(token)

/** Any other token of a pact stands for a real one: ours for that of the consumer, a foreign one for that of the state. */
function fillToken(
  value: string | undefined,
  { placeholder, own, ofState }: { placeholder: string; own: string; ofState: string | undefined },
): string | undefined {
  if (value === undefined || isWrongOnPurpose(value)) return value
  if (value === placeholder) return own
  const token = ofState ?? own
  return value.startsWith('Bearer ') ? `Bearer ${token}` : token
}

/** Starts what gives an interaction its tokens, states and ids, and sends it to the service that it is for. */
export async function startInteractionGateway({
  target,
  tokens,
  states,
  aliases: givenAliases,
  dispatcher,
  wait,
  onBatchAnswer,
}: InteractionGatewayOptions): Promise<InteractionGateway> {
  const aliases = [...givenAliases]
  const secrets = createSecrets()
  secrets.add(target.variables['clientSecret'])
  const seen = { hits: 0, problems: [] as string[], rules: [] as string[] }
  let stateTokens: { appJwt?: string | undefined; consumerJws?: string | undefined } = {}

  const changeState = async ({ bytes }: PassingRequest): Promise<PassingAnswer> => {
    const { state, params, action } = StateCallSchema.parse(JSON.parse(bytes.toString()))
    if (state === '' || action === 'teardown') return json(200, {})
    try {
      const change = await states.setUp(state, params ?? {})
      aliases.push(...(change.aliases ?? []))
      const { appJwt, consumerJws } = change.values
      stateTokens = { appJwt, consumerJws }
      secrets.add(appJwt)
      secrets.add(consumerJws)
      return json(200, change.values)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      seen.problems.push(`Provider state "${state}" failed: ${message}`)
      return json(500, { message })
    }
  }

  const fill = async (request: PassingRequest): Promise<PassingRequest> => {
    const { authorization, 'x-lp-on-behalf': onBehalf } = request.headers
    const own = await tokens()
    secrets.add(own.appJwt)
    secrets.add(own.consumerJws)
    const filled = {
      authorization: fillToken(authorization, {
        placeholder: placeholders.appJwt,
        own: own.appJwt,
        ofState: stateTokens.appJwt,
      }),
      'x-lp-on-behalf': fillToken(onBehalf, {
        placeholder: placeholders.consumerJws,
        own: own.consumerJws,
        ofState: stateTokens.consumerJws,
      }),
    }
    const given = Object.entries(filled).filter((entry): entry is [string, string] => !!entry[1])
    const headers = {
      ...request.headers,
      ...Object.fromEntries(given),
      'accept-encoding': 'identity',
    }
    const { clientId = '', clientSecret = '' } = target.variables
    return fillPlaceholders(toTarget({ ...request, headers }, aliases), {
      ...own,
      clientId,
      clientSecret,
      askFileUrl: asked => askFileUrl(target, asked),
    })
  }

  const passOn = async (request: PassingRequest, pass: Pass): Promise<PassingAnswer> => {
    seen.hits += 1
    const sent = await fill(request)
    const answer = await repeatPatiently(() => pass(sent), wait)
    const body = parseJson(answer.bytes)
    secrets.learn(body)
    if (findOperation(request.method, request.path) === 'conversation') onBatchAnswer?.(body)
    const named = answer.headers['x-sendbox-rules'] ?? ''
    seen.rules = named.split(/[\s,]+/).filter(rule => rule !== '')
    return { ...answer, bytes: toPact(answer.bytes, aliases) }
  }

  const proxy = await startProxy({
    target: ({ method, path }) => target.originOf(findOperation(method, path) ?? 'baseUris'),
    host: 'target',
    ...(dispatcher && { dispatcher }),
    through: (request, pass) =>
      request.path === statesPath ? changeState(request) : passOn(request, pass),
  })
  return {
    url: proxy.url,
    statesUrl: `${proxy.url}${statesPath}`,
    secrets,
    get hits() {
      return seen.hits
    },
    get problems() {
      return seen.problems
    },
    get rules() {
      return seen.rules
    },
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  }
}
