import { startMockTarget } from '../../src/traces/mock-target.ts'
import { describeFailure, replayTrace } from '../../src/traces/replay-trace.ts'
import { needsOf, type Trace } from '../../src/traces/trace.ts'
import { type Mutant, throughMutant } from './mutant.ts'
import { noticeChanges } from './notice-changes.ts'
import { throughWebhookMutant, type WebhookMutant } from './webhook-mutant.ts'

/** What became of a mutant: the trace that saw it, or none. */
export interface MutantVerdict {
  readonly mutant: string
  readonly rules: readonly string[]
  /** The first contract that failed; absent for a survivor. */
  readonly killedBy?: string
  /** What that contract said. */
  readonly failure?: string
}

/** A mutant of the calls, or of the notifications. */
export type AnyMutant = Mutant | WebhookMutant

const isOfWebhooks = (mutant: AnyMutant): mutant is WebhookMutant => 'deliver' in mutant

/** How long a notification may take that a mutant may have dropped, in ms. */
const longestWaitMs = 2000

/** Traces that show what a mutant breaks come first. */
function sortForMutant(traces: readonly Trace[], { rules }: AnyMutant): readonly Trace[] {
  const shows = ({ steps }: Trace): boolean =>
    steps.some(step => step.rules.some(rule => rules.includes(rule)))
  return traces.toSorted((a, b) => Number(shows(b)) - Number(shows(a)))
}

/** Runs one trace against a mutant; answers what the trace has against it, where the mutant did anything wrong until then. */
async function runTrace(mutant: AnyMutant, trace: Trace): Promise<string | undefined> {
  const seen = { isChanged: false }
  await using mock = await startMockTarget(
    trace,
    isOfWebhooks(mutant)
      ? {
          deliverThrough: server => noticeChanges(throughWebhookMutant(mutant, server), seen),
          longestWaitMs,
        }
      : { through: server => noticeChanges(throughMutant(mutant, server), seen) },
  )
  const result = await replayTrace(trace, mock.target)
  return result.verdict === 'failed' && seen.isChanged ? describeFailure(result.failure) : undefined
}

/** Runs traces against a mutant until one sees that something is wrong. */
export async function runMutant(
  mutant: AnyMutant,
  traces: readonly Trace[],
): Promise<MutantVerdict> {
  const { name, rules } = mutant
  const concerned = isOfWebhooks(mutant)
    ? traces.filter(trace => needsOf(trace).includes('webhooks'))
    : traces
  for (const trace of sortForMutant(concerned, mutant)) {
    const failure = await runTrace(mutant, trace)
    if (failure !== undefined)
      return { mutant: name, rules, killedBy: `trace ${trace.name}`, failure }
  }
  return { mutant: name, rules }
}
