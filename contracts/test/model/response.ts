import type { Reply } from '@sendbox/mock-server/model'
import {
  type ErrorCode,
  type ErrorEntry,
  errorCatalogue,
  type RequestId,
  type RuleId,
  ruleById,
} from '@sendbox/schema'
import type { AllowedResponse, TargetResponse } from '../../src/traces/target.ts'

type Failure = Extract<Reply, { ok: false }>

const isAssumed = (rules: readonly RuleId[]): boolean =>
  rules.some(rule => ruleById.get(rule)?.evidence === 'assumed')

const fill = (template: string, params: Readonly<Record<string, string>>): string =>
  template.replace(/<(\w+)>/g, (placeholder, name: string) => params[name] ?? placeholder)

/** The response to a refused request. Rules: AUTH-5, RES-6. */
export function toErrorResponse(
  { errorCode, params = {}, rules = [] }: Failure,
  id?: RequestId,
): TargetResponse {
  const entry: ErrorEntry = errorCatalogue[errorCode]
  const reqId = id !== undefined && entry.status !== 401 && { reqId: String(id) }
  const body = { title: entry.title, details: fill(entry.details, params), errorCode }
  return {
    status: entry.status,
    body: { kind: 'resp', ...reqId, code: entry.status, body, type: '.ReqBody$ErrorResp' },
    rules: [...entry.rules, ...rules],
  }
}

/** Allows a response; if it depends on an assumed rule, any refusal too, which changes nothing. */
export function allow(
  response: TargetResponse,
  commit: () => void = () => undefined,
): AllowedResponse[] {
  const only = { response, commit }
  return isAssumed(response.rules ?? [])
    ? [only, { response, isAnyRefusal: true, commit: () => undefined }]
    : [only]
}

/** A refusal by the schema, before the request reaches the model. */
export const refuse = (
  errorCode: ErrorCode,
  rules: readonly RuleId[],
  id?: RequestId,
): AllowedResponse[] => allow(toErrorResponse({ ok: false, errorCode, rules }, id))
