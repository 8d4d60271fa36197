import { mapValues } from '../json.ts'
import { type Bindings, fillPattern, matchPattern, type PatternMismatch } from './match-pattern.ts'
import type { AllowedResponse, FilledCall, TraceTarget } from './target.ts'
import { type CallStep, type Capability, requiredBy, type Trace, type TraceStep } from './trace.ts'

/** The first step of a trace that failed. */
export interface TraceFailure {
  readonly trace: string
  /** From 1. */
  readonly step: number
  readonly title: string
  readonly rules: readonly string[]
  readonly mismatches: readonly PatternMismatch[]
  /** Whether the connection failed, which shows nothing about the rules. */
  readonly isConnectionFailure?: boolean
}

/** The result of a replay. */
export type TraceResult =
  | { readonly verdict: 'passed' }
  | { readonly verdict: 'failed'; readonly failure: TraceFailure }
  /** The target lacks capabilities; nothing was called. */
  | { readonly verdict: 'skipped'; readonly missing: readonly Capability[] }

const toText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

function fillCall(step: CallStep, bindings: Bindings): FilledCall {
  const fill = (pattern: unknown): string => toText(fillPattern(pattern, bindings))
  return {
    ...step,
    params: mapValues(step.params ?? {}, fill),
    path: step.path === undefined ? undefined : fill(step.path),
    query: mapValues(step.query ?? {}, pattern => (pattern === null ? null : fill(pattern))),
    body: fillPattern(step.body, bindings),
  }
}

const isRefusal = (status: number): boolean => status >= 400 && status < 500

function matchResponse(
  { answer: expected }: CallStep,
  { response, isAnyRefusal = false }: AllowedResponse,
  bindings: Bindings,
): PatternMismatch[] {
  if (isAnyRefusal && isRefusal(expected.status)) return []
  const status = matchPattern(expected.status, response.status, bindings, '/status')
  const body =
    expected.body === undefined ? [] : matchPattern(expected.body, response.body, bindings, '/body')
  const text =
    expected.text === undefined ? [] : matchPattern(expected.text, response.text, bindings, '/text')
  return [...status, ...body, ...text]
}

/** Commits the first allowed response that matches; bindings of the others are discarded. */
async function runCall(
  step: CallStep,
  bindings: Bindings,
  target: TraceTarget,
): Promise<PatternMismatch[]> {
  let first: PatternMismatch[] | undefined
  for (const allowed of await target.call(fillCall(step, bindings))) {
    const tried: Bindings = new Map(bindings)
    const mismatches = matchResponse(step, allowed, tried)
    if (mismatches.length === 0) {
      for (const [name, value] of tried) bindings.set(name, value)
      allowed.commit()
      return []
    }
    first ??= mismatches
  }
  return first ?? [{ path: '', expected: 'an answer', received: 'nothing' }]
}

async function runStep(
  step: TraceStep,
  bindings: Bindings,
  target: TraceTarget,
): Promise<PatternMismatch[]> {
  if (step.do === 'call') return runCall(step, bindings, target)
  const conversationId = toText(fillPattern(step.conversation, bindings))
  switch (step.do) {
    case 'agent': {
      const response = await target.act(conversationId, fillPattern(step.action, bindings))
      return [
        ...matchPattern(200, response.status, bindings, '/status'),
        ...matchPattern(step.answer ?? {}, response.body, bindings, '/body'),
      ]
    }
    case 'show':
      return matchPattern(step.view, await target.show(conversationId), bindings)
    case 'notified': {
      const { body, headers, problems } = await target.nextNotification(conversationId, step)
      return [
        ...problems,
        ...matchPattern(step.headers ?? {}, headers, bindings, '/headers'),
        ...matchPattern(step.body, body, bindings),
      ]
    }
  }
}

const toMismatch = (error: unknown): PatternMismatch => ({
  path: '',
  expected: 'an answer',
  received: error instanceof Error ? error.message : String(error),
})

/** Whether an error is one of the connection, by the code that Node, undici or OpenSSL give it. */
const isConnectionError = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  /^(?:UND_ERR_|E[A-Z]+$|ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_)/.test(String(error.code))

/** Runs a trace step by step, up to the first that fails. */
export async function replayTrace(trace: Trace, target: TraceTarget): Promise<TraceResult> {
  const missing = requiredBy(trace).filter(required => !target.capabilities.includes(required))
  if (missing.length > 0) return { verdict: 'skipped', missing }
  const bindings: Bindings = new Map(Object.entries(target.variables))
  for (const [index, step] of trace.steps.entries()) {
    let isConnectionFailure = false
    const mismatches = await runStep(step, bindings, target).catch((error: unknown) => {
      isConnectionFailure = isConnectionError(error)
      return [toMismatch(error)]
    })
    if (mismatches.length > 0) {
      const { title, rules } = step
      const failed = { trace: trace.name, step: index + 1, title, rules }
      return { verdict: 'failed', failure: { ...failed, mismatches, isConnectionFailure } }
    }
  }
  return { verdict: 'passed' }
}

/** A failure as text: the step and its rules in the first line, then one line for each mismatch. */
export const describeFailure = ({ trace, step, title, rules, mismatches }: TraceFailure): string =>
  [
    `${trace}, step ${step}: ${title} (${rules.join(', ')})`,
    ...mismatches.map(
      ({ path, expected, received }) =>
        `  ${path || '/'}: expected ${expected}, received ${received}`,
    ),
  ].join('\n')
