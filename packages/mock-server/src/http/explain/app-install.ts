import { decodeJwt } from 'jose/jwt/decode'
import { bearerType } from '../../tokens/token-service.ts'
import { alternativesOf, type Explanation, quoteIf, toTime } from './explanation.ts'
import type { Refused } from './refused.ts'

/** Describes a bearer that the mock has not signed for this account and time. */
async function describeBearer(text: string, { call, services }: Refused): Promise<string> {
  const token = /^Bearer +(\S+)$/i.exec(text)?.[1]
  if (token === undefined) return text ? 'a value that does not begin with "Bearer "' : 'none'
  if (!(await services.tokens.hasOwnSignature(token))) return 'another one'
  const { aud, exp = Number.POSITIVE_INFINITY, azp, account_id: brand } = decodeJwt(token)
  if (azp !== undefined) return 'an AppJWT'
  if (brand !== undefined) return 'a ConsumerJWS'
  if (aud !== call.accountId) return 'one of another account'
  const now = services.clocks.now(call.accountId)
  return exp * 1000 <= now
    ? `one that expired at ${toTime(exp * 1000)}, while the account's clock shows ${toTime(now)}`
    : `one whose typ is not ${bearerType}`
}

/** Explains a bearer that is missing or not valid. Rule: EP-19. */
export const explainBearer = async (refused: Refused): Promise<Explanation> => ({
  part: 'Authorization',
  expected: 'the bearer of an agent after "Bearer "',
  received: await describeBearer(refused.call.request.get('authorization') ?? '', refused),
  hint: 'POST /api/account/{accountId}/login?v=1.3 answers with one',
})

const idForm = /^[\w.~-]+$/

/** Explains an id that no app install of the account has. Rule: EP-19. */
export function explainInstall({ call, services }: Refused): Explanation {
  const ids = services.installs
    .list(call.accountId)
    .map(({ clientId }) => quoteIf(idForm, clientId).trim())
  return {
    part: 'The path',
    expected: `the client id of an app install, ${alternativesOf(ids)}`,
    received: `the id${quoteIf(idForm, call.request.params['installId']) || ' of none'}`,
  }
}

/** Explains a revision that is not the present one. Rule: EP-19. */
export function explainRevision({ call: { request, accountId }, services }: Refused): Explanation {
  return {
    part: 'If-Match',
    expected: `${services.installs.revisionOf(accountId)}, the present ac-revision`,
    received: request.get('if-match') === undefined ? 'no such header' : 'another revision',
    hint: 'GET the app install again: its header ac-revision is the revision',
  }
}

/** Explains a change of an install that cannot be changed. Rule: EP-8. */
export const explainOtherInstall = ({ call, services }: Refused): Explanation => ({
  part: 'The path',
  expected: `the first app install of the account,${quoteIf(idForm, services.installs.of(call.accountId).clientId)}`,
  received: 'another one, which is only shown',
})
