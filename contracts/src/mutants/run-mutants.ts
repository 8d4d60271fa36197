import { startMockServer } from '@sendbox/mock-server'
import { startProxy } from '../proxy.ts'
import { HttpTarget } from '../traces/http-target.ts'
import { describeFailure, replayTrace } from '../traces/replay-trace.ts'
import type { Trace } from '../traces/trace.ts'
import { type Mutant, throughMutant } from './mutant.ts'

/** What became of a mutant: the trace that saw it, or none. */
export interface MutantVerdict {
  readonly mutant: string
  readonly rules: readonly string[]
  /** The first contract that failed; absent for a survivor. */
  readonly killedBy?: string
  /** What that contract said. */
  readonly failure?: string
}

/** Runs one trace against a mutant; answers what the trace has against it. */
async function runTrace(mutant: Mutant, trace: Trace): Promise<string | undefined> {
  await using server = await startMockServer({ settings: trace.settings })
  await using proxy = await startProxy({
    target: server.url,
    through: throughMutant(mutant, server),
  })
  const { accountId, clientId, clientSecret } = server.account()
  const target = new HttpTarget({
    domainApiUrl: proxy.url,
    accountId,
    clientId,
    clientSecret,
    run: 'test',
    controlUrl: `${server.url}/__sendbox`,
  })
  const result = await replayTrace(trace, target)
  return result.verdict === 'failed' ? describeFailure(result.failure) : undefined
}

/** Runs traces against a mutant until one sees that something is wrong. */
export async function runMutant(mutant: Mutant, traces: readonly Trace[]): Promise<MutantVerdict> {
  const { name, rules } = mutant
  for (const trace of traces) {
    const failure = await runTrace(mutant, trace)
    if (failure !== undefined)
      return { mutant: name, rules, killedBy: `trace ${trace.name}`, failure }
  }
  return { mutant: name, rules }
}
