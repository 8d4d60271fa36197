import { util } from 'zod/v4/core'
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

/** The keys and indexes that lead to a part of a value. */
export type Path = readonly PropertyKey[]

const toJsonPointer = (path: Path): string =>
  path.map(key => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/**
 * The first values of a value, as many as its shortened JSON can show: a comma or a bracket follows each. A part that is in a cycle
 * stays as it is.
 */
function firstValues(
  value: unknown,
  left = { count: maxReceivedLength },
  around: readonly unknown[] = [],
): unknown {
  if (left.count === 0) return null
  left.count -= 1
  const isArray = Array.isArray(value)
  if ((!isArray && !util.isPlainObject(value)) || around.includes(value)) return value
  const toFirst = (inner: unknown): unknown => firstValues(inner, left, [...around, value])
  if (isArray) return value.slice(0, maxReceivedLength).map(toFirst)
  const names = Object.keys(value).slice(0, maxReceivedLength)
  return Object.fromEntries(names.map(name => [name, toFirst(value[name])]))
}

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
  const json = toJson(firstValues(value))
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
