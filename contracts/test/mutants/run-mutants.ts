import type { Intercept, ProxyRequest, ProxyResponse } from '../../src/proxy.ts'
import { startMockTarget } from '../../src/traces/mock-target.ts'
import { describeFailure, replayTrace } from '../../src/traces/replay-trace.ts'
import { requiredBy, type Trace } from '../../src/traces/trace.ts'
import { interceptWithMutant, type Mutant } from './mutant.ts'
import { interceptWithWebhookMutant, type WebhookMutant } from './webhook-mutant.ts'

/** The first trace that a mutant fails, or none. */
export interface MutantVerdict {
  readonly mutant: string
  readonly rules: readonly string[]
  /** Absent for a survivor. */
  readonly killedBy?: string
  /** The failure of that trace. */
  readonly failure?: string
}

/** A mutant of the calls, or of the notifications. */
export type AnyMutant = Mutant | WebhookMutant

const isOfWebhooks = (mutant: AnyMutant): mutant is WebhookMutant => 'deliver' in mutant

/** Longest wait for a notification, which a mutant may have dropped, in ms. */
const timeoutMs = 2000

/** Sorts traces that show the rules of a mutant to the front. */
function sortForMutant(traces: readonly Trace[], { rules }: AnyMutant): readonly Trace[] {
  const shows = ({ steps }: Trace): boolean =>
    steps.some(step => step.rules.some(rule => rules.includes(rule)))
  return traces.toSorted((a, b) => Number(shows(b)) - Number(shows(a)))
}

const isSameRequest = (sent: ProxyRequest, received: ProxyRequest): boolean =>
  sent.path === received.path &&
  sent.bytes.equals(received.bytes) &&
  JSON.stringify(sent.headers) === JSON.stringify(received.headers)

const isSameResponse = (sent: ProxyResponse, received: ProxyResponse | undefined): boolean =>
  sent.status === received?.status && sent.bytes.equals(received.bytes)

/** Reports whether a mutant changed, dropped or repeated a call. */
const detectTampering =
  (intercept: Intercept, onTampering: () => void): Intercept =>
  async (request, forward) => {
    let received: ProxyResponse | undefined
    let calls = 0
    const response = await intercept(request, async sent => {
      calls += 1
      if (calls > 1 || !isSameRequest(sent, request)) onTampering()
      received = await forward(sent)
      return received
    })
    if (!isSameResponse(response, received)) onTampering()
    return response
  }

/** Replays a trace against a mutant; returns the failure, if the mutant tampered with any call before. */
async function runTrace(mutant: AnyMutant, trace: Trace): Promise<string | undefined> {
  let isTampered = false
  const detect = (intercept: Intercept): Intercept =>
    detectTampering(intercept, () => {
      isTampered = true
    })
  await using mock = await startMockTarget(
    trace,
    isOfWebhooks(mutant)
      ? {
          interceptDeliveries: server => detect(interceptWithWebhookMutant(mutant, server)),
          timeoutMs,
        }
      : { intercept: server => detect(interceptWithMutant(mutant, server)) },
  )
  const result = await replayTrace(trace, mock.target)
  return result.verdict === 'failed' && isTampered ? describeFailure(result.failure) : undefined
}

/** Replays traces against a mutant until one fails. */
export async function runMutant(
  mutant: AnyMutant,
  traces: readonly Trace[],
): Promise<MutantVerdict> {
  const { name, rules } = mutant
  const concerned = isOfWebhooks(mutant)
    ? traces.filter(trace => requiredBy(trace).includes('webhooks'))
    : traces
  for (const trace of sortForMutant(concerned, mutant)) {
    const failure = await runTrace(mutant, trace)
    if (failure !== undefined)
      return { mutant: name, rules, killedBy: `trace ${trace.name}`, failure }
  }
  return { mutant: name, rules }
}

/** The minimum share of mutants that the contracts notice. */
export const minScore = 0.95

/** The share of mutants that were noticed, from 0 to 1. */
export const toMutationScore = (verdicts: readonly MutantVerdict[]): number =>
  verdicts.filter(({ killedBy }) => killedBy !== undefined).length / verdicts.length

const toRow = ({ mutant, rules, killedBy, failure }: MutantVerdict): string =>
  `| ${mutant} | ${rules.join(', ')} | ${killedBy ?? '**survived**'} | ${(failure?.split('\n')[0] ?? '').replaceAll('|', '\\|')} |`

/** The report as a Markdown page: the contract that noticed each mutant, and its failure. */
export function toMutationReport(verdicts: readonly MutantVerdict[]): string {
  const killed = verdicts.filter(({ killedBy }) => killedBy !== undefined).length
  return [
    '# Mutants',
    '',
    'Each mutant is the mock with one thing wrong. The contracts must notice at least 95 % of them, or `npm test` fails.',
    'This page is written by the test that runs them.',
    '',
    `**${killed} of ${verdicts.length} were noticed.**`,
    '',
    '| a service that … | breaks | noticed by | at |',
    '| --- | --- | --- | --- |',
    ...verdicts.map(toRow),
    '',
  ].join('\n')
}
