import { createHash } from 'node:crypto'
import { AgentLoginRequestSchema, errorCodes, type SentAgentLoginResponse } from '@sendbox/schema'
import type { Services } from '../../services.ts'
import { bearerLifetimeSeconds } from '../../tokens/token-service.ts'
import type { Call } from '../call.ts'
import { isLoopbackAddress } from '../host-name.ts'
import { type ServiceResponse, toErrorResponse } from '../response.ts'
import { toBaseUris } from './domain-api.ts'

/** No cache may store a bearer. */
const headers = { 'Cache-Control': 'no-store' }

/** Rule: EP-18.2. */
const mayLogIn = ({ request, settings }: Call): boolean =>
  settings.agentLogin === 'everybody' ||
  (settings.agentLogin === 'loopback' && isLoopbackAddress(request.socket.localAddress ?? ''))

/** The id of an agent, ten digits that are derived from account and name. */
const toUserId = (accountId: string, username: string): string => {
  const digest = createHash('sha256')
    .update(JSON.stringify([accountId, username]))
    .digest()
  return String(1_000_000_000 + (digest.readUInt32BE() % 9_000_000_000))
}

/** Responds to the login of an agent, whose password is not compared. Rule: EP-18. */
export async function agentLogin(call: Call, services: Services): Promise<ServiceResponse> {
  const { accountId, json: payload, settings } = call
  const { tokens, clocks } = services
  if (!payload.ok) return toErrorResponse(payload.refusal, settings)
  const parsed = AgentLoginRequestSchema.safeParse(payload.value)
  if (!parsed.success) {
    const [name] = parsed.error.issues[0]?.path ?? []
    const params =
      name === undefined
        ? { pointer: '', expected: 'an object' }
        : { pointer: `/${String(name)}`, expected: 'a string that is not empty' }
    return toErrorResponse({ errorCode: errorCodes.invalidPayload, params }, settings)
  }
  if (!mayLogIn(call)) return toErrorResponse({ errorCode: errorCodes.loginRefused }, settings)
  const { username } = parsed.data
  const userId = toUserId(accountId, username)
  const body: SentAgentLoginResponse = {
    bearer: await tokens.signBearer(accountId, userId, clocks.now(accountId)),
    sessionTTl: String(bearerLifetimeSeconds),
    config: { userId, loginName: username, isAdmin: true },
    csdsCollectionResponse: toBaseUris(call),
  }
  return { status: 200, headers, body, rules: ['EP-18.1'] }
}
