import { type RuleId, ruleById } from '../rules/index.ts'
import type { Evidence } from '../rules/rule.ts'

/** A value, or the reason why there is none: what a step returns that may refuse. */
export type Result<Value, Refusal> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: Refusal }

/** A part of a value that a schema refuses. */
export interface InputProblem {
  /** JSON Pointer (RFC 6901) of the part; empty for the whole value. */
  readonly path: string
  readonly expected: string
  /** The value received, as shortened JSON; `nothing` if it is absent. */
  readonly received: string
  /** All of the above in one sentence, with a suggestion if the value looks like a typo. */
  readonly message: string
}

/** A part of a payload that a rule refuses, with the evidence of that rule. */
export interface Problem extends InputProblem {
  readonly rule: RuleId
  readonly evidence: Evidence
}

/** A deviation that does not refuse the payload. */
export type Diagnostic = Problem

/** A problem and the parse modes that it refuses a payload in; in the others it is a diagnostic. */
export interface Violation {
  readonly problem: Problem
  readonly refusedIn: 'every mode' | 'strict' | 'no mode'
}

const maxReceivedLength = 80

/** Maximum number of problems or diagnostics: a small body can have hundreds of thousands, and each is located on its own. */
export const maxProblems = 100

/** The keys and indexes that lead to a part of a value. */
export type Path = readonly PropertyKey[]

const toJsonPointer = (path: Path): string =>
  path.map(key => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** Values that JSON has no form for are shown by their type: a function, a bigint, an object with a cycle. */
function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value
  } catch {
    return typeof value
  }
}

function describeReceived(value: unknown): string {
  if (value === undefined) return 'nothing'
  const json = toJson(value)
  return json.length <= maxReceivedLength ? json : `${json.slice(0, maxReceivedLength)}…`
}

/** Joins words as prose does: `A, B or C`. */
export const alternatives = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`

export function createInputProblem(options: {
  readonly path: Path
  readonly expected: string
  readonly received: unknown
  /** A suggestion, which the message puts in parentheses. */
  readonly hint?: string | undefined
}): InputProblem {
  const path = toJsonPointer(options.path)
  const received = describeReceived(options.received)
  const hint = options.hint === undefined ? '' : ` (${options.hint})`
  return {
    path,
    expected: options.expected,
    received,
    message: `${path || 'The payload'}: expected ${options.expected}, received ${received}${hint}`,
  }
}

/** Adds the rule and its evidence. */
export const withRule = (problem: InputProblem, rule: RuleId): Problem => ({
  ...problem,
  rule,
  evidence: ruleById.get(rule)?.evidence ?? 'assumed',
})

/** Creates a problem or diagnostic: JSON Pointer, expectation, received value, rule and its evidence. */
export const createProblem = ({
  rule,
  ...options
}: Parameters<typeof createInputProblem>[0] & { readonly rule: RuleId }): Problem =>
  withRule(createInputProblem(options), rule)
