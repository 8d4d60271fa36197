import { type Bindings, fillPattern, matchPattern, type PatternMismatch } from './match-pattern.ts'
import type { AllowedAnswer, FilledCall, TraceTarget } from './target.ts'
import { type CallStep, type Need, needsOf, type Trace, type TraceStep } from './trace.ts'

/** Why a trace stopped being allowed, and where. */
export interface TraceFailure {
  readonly trace: string
  /** From 1. */
  readonly step: number
  readonly title: string
  readonly rules: readonly string[]
  readonly mismatches: readonly PatternMismatch[]
  /** Claims that the connection failed, which says nothing of the rules. */
  readonly isUnreached?: boolean
}

/** What came of a replay. */
export type TraceResult =
  | { readonly verdict: 'passed' }
  | { readonly verdict: 'failed'; readonly failure: TraceFailure }
  /** The target lacks something; nothing was called. */
  | { readonly verdict: 'leftOut'; readonly lacks: readonly Need[] }

const toText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

const fillTexts = (patterns: Readonly<Record<string, unknown>>, bindings: Bindings) =>
  Object.fromEntries(
    Object.entries(patterns).map(([name, pattern]) => [
      name,
      toText(fillPattern(pattern, bindings)),
    ]),
  )

function fillQuery(query: Readonly<Record<string, unknown>>, bindings: Bindings) {
  const given = Object.entries(query).filter(([, value]) => value !== null)
  const left = Object.entries(query).filter(([, value]) => value === null)
  const none: [string, null][] = left.map(([name]) => [name, null])
  return { ...fillTexts(Object.fromEntries(given), bindings), ...Object.fromEntries(none) }
}

const fillCall = (step: CallStep, bindings: Bindings): FilledCall => ({
  ...step,
  params: fillTexts(step.params ?? {}, bindings),
  path: step.path === undefined ? undefined : toText(fillPattern(step.path, bindings)),
  query: fillQuery(step.query ?? {}, bindings),
  body: fillPattern(step.body, bindings),
})

const isRefusal = (status: number): boolean => status >= 400 && status < 500

function matchAnswer(
  { answer: expected }: CallStep,
  { answer, isAnyRefusal = false }: AllowedAnswer,
  bindings: Bindings,
): PatternMismatch[] {
  if (isAnyRefusal && isRefusal(expected.status)) return []
  const status = matchPattern(expected.status, answer.status, bindings, '/status')
  const body =
    expected.body === undefined ? [] : matchPattern(expected.body, answer.body, bindings, '/body')
  const text =
    expected.text === undefined ? [] : matchPattern(expected.text, answer.text, bindings, '/text')
  return [...status, ...body, ...text]
}

/** Takes the first allowed answer that is as the trace has it; what the others bound is forgotten. */
async function runCall(
  step: CallStep,
  bindings: Bindings,
  target: TraceTarget,
): Promise<PatternMismatch[]> {
  let first: PatternMismatch[] | undefined
  for (const allowed of await target.call(fillCall(step, bindings))) {
    const tried: Bindings = new Map(bindings)
    const mismatches = matchAnswer(step, allowed, tried)
    if (mismatches.length === 0) {
      for (const [name, value] of tried) bindings.set(name, value)
      allowed.take()
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
      const answer = await target.act(conversationId, fillPattern(step.action, bindings))
      return [
        ...matchPattern(200, answer.status, bindings, '/status'),
        ...matchPattern(step.answer ?? {}, answer.body, bindings, '/body'),
      ]
    }
    case 'show':
      return matchPattern(step.view, await target.show(conversationId), bindings)
    case 'notified': {
      const { body, headers, faults } = await target.nextNotification(conversationId, step)
      return [
        ...faults,
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

/** Claims that an error is one of the connection; Node, undici and OpenSSL give these a code. */
const isOfConnection = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  /^(?:UND_ERR_|E[A-Z]+$|ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_)/.test(String(error.code))

/** Runs a trace step by step, and stops where the target does something else. */
export async function replayTrace(trace: Trace, target: TraceTarget): Promise<TraceResult> {
  const lacks = needsOf(trace).filter(need => !target.offers.includes(need))
  if (lacks.length > 0) return { verdict: 'leftOut', lacks }
  const bindings: Bindings = new Map(Object.entries(target.variables))
  for (const [index, step] of trace.steps.entries()) {
    let isUnreached = false
    const mismatches = await runStep(step, bindings, target).catch((error: unknown) => {
      isUnreached = isOfConnection(error)
      return [toMismatch(error)]
    })
    if (mismatches.length > 0) {
      const { title, rules } = step
      const failure = { trace: trace.name, step: index + 1, title, rules, mismatches, isUnreached }
      return { verdict: 'failed', failure }
    }
  }
  return { verdict: 'passed' }
}

/** Words a failure for whoever has to mend it. */
export const describeFailure = ({ trace, step, title, rules, mismatches }: TraceFailure): string =>
  [
    `${trace}, step ${step}: ${title} (${rules.join(', ')})`,
    ...mismatches.map(
      ({ path, expected, received }) =>
        `  ${path || '/'}: expected ${expected}, received ${received}`,
    ),
  ].join('\n')
