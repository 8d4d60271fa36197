import type { Reply } from '@sendbox/mock-server/model'
import {
  type ErrorCode,
  type ErrorEntry,
  errorCatalogue,
  type RequestId,
  type RuleId,
  ruleById,
} from '@sendbox/schema'
import type { AllowedAnswer, TargetAnswer } from '../../src/traces/target.ts'

type Failure = Extract<Reply, { ok: false }>

const isAssumed = (rules: readonly RuleId[]): boolean =>
  rules.some(rule => ruleById.get(rule)?.evidence === 'assumed')

const fill = (template: string, params: Readonly<Record<string, string>>): string =>
  template.replace(/<(\w+)>/g, (placeholder, name: string) => params[name] ?? placeholder)

/** The answer to a refused request. Rules: AUTH-5, RES-6. */
export function toErrorAnswer(
  { errorCode, params = {}, rules = [] }: Failure,
  id?: RequestId,
): TargetAnswer {
  const entry: ErrorEntry = errorCatalogue[errorCode]
  const reqId = id !== undefined && entry.status !== 401 && { reqId: String(id) }
  const body = { title: entry.title, details: fill(entry.details, params), errorCode }
  return {
    status: entry.status,
    body: { kind: 'resp', ...reqId, code: entry.status, body, type: '.ReqBody$ErrorResp' },
    rules: [...entry.rules, ...rules],
  }
}

/** Where an answer rests on something assumed, any refusal is allowed too, and changes nothing. */
export function allow(answer: TargetAnswer, keep: () => void = () => undefined): AllowedAnswer[] {
  const only = { answer, take: keep }
  return isAssumed(answer.rules ?? [])
    ? [only, { answer, isAnyRefusal: true, take: () => undefined }]
    : [only]
}

/** A refusal that the model itself never sees, as the schema comes before it. */
export const refuse = (
  errorCode: ErrorCode,
  rules: readonly RuleId[],
  id?: RequestId,
): AllowedAnswer[] => allow(toErrorAnswer({ ok: false, errorCode, rules }, id))
