import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { storeResult } from '../../report/stored-results.ts'
import { toSummary } from '../../report/terminal.ts'
import { parseReportOrder, prepareReports, writeReports } from '../../report/write.ts'
import type { Trace } from '../../traces/trace.ts'
import { readTrace, readTraces } from '../../traces/trace.ts'
import { type NamedInteraction, readInteractions } from '../../verify/pact-interactions.ts'
import { runVerification } from '../../verify/run-verification.ts'
import { isGood, type VerificationResult } from '../../verify/verify-result.ts'
import { askConsent, createProgress } from '../ask-consent.ts'
import { checkService, readTarget } from '../read-target.ts'
import type { Terminal } from '../terminal.ts'
import { CommandError } from '../terminal.ts'

/** The flags of `sendbox-contracts verify`. */
export interface VerifyFlags {
  readonly target: string
  readonly pact?: readonly string[]
  readonly trace?: readonly string[]
  readonly yes?: boolean
  readonly report?: readonly string[]
  readonly results: string
}

const ownPact = fileURLToPath(
  new URL('../../../pacts/sendbox-client-send-api.json', import.meta.url),
)

const orRefuse = async <Value>(read: Promise<Value>): Promise<Value> =>
  read.catch((error: unknown) => {
    throw new CommandError(error instanceof Error ? error.message : String(error))
  })

/** What is verified: what the flags name, or all that Sendbox has. */
async function readContracts(
  { pact, trace }: Pick<VerifyFlags, 'pact' | 'trace'>,
  folder: string,
): Promise<{ traces: Trace[]; interactions: NamedInteraction[] }> {
  if (pact === undefined && trace === undefined)
    return { traces: await readTraces(), interactions: await readInteractions(ownPact) }
  const readAll = <Value>(
    paths: readonly string[] = [],
    read: (path: string) => Promise<Value>,
  ): Promise<Value[]> => Promise.all(paths.map(path => orRefuse(read(resolve(folder, path)))))
  return {
    traces: await readAll(trace, readTrace),
    interactions: (await readAll(pact, readInteractions)).flat(),
  }
}

/** Verifies what the flags name, shows the progress, and stores the result. */
export async function verifyAndStore(
  flags: Pick<VerifyFlags, 'target' | 'pact' | 'trace' | 'yes' | 'results'>,
  terminal: Terminal,
): Promise<VerificationResult> {
  const { folder, stdout, stderr, now } = terminal
  const target = readTarget(flags.target, terminal)
  const { traces, interactions } = await readContracts(flags, folder)
  const run = randomUUID()
  const interruption = new AbortController()
  const { signal } = interruption
  let isLive = false
  if (target !== 'mock') {
    const plan = { service: target, traces: traces.length, interactions: interactions.length }
    await askConsent(plan, flags, terminal)
    const { isMock } = await checkService(target, run)
    isLive = !isMock
    void terminal.waitForSignal().then(() => interruption.abort())
  }
  const progress = createProgress(stdout)
  const isWhole = flags.pact === undefined && flags.trace === undefined
  const result = await runVerification({
    target,
    traces,
    interactions,
    areGiven: !isWhole,
    run,
    now,
    signal,
    ...progress,
  })
  stdout.write(toSummary(result, stdout))
  if (isLive || (isWhole && target === 'mock')) {
    const path = await storeResult(resolve(folder, flags.results), result)
    stderr.write(`Stored in ${path}\n`)
  } else if (target !== 'mock') {
    stderr.write(`${target.domainApiUrl} is a mock: this was no live run, and is not stored\n`)
  }
  if (signal.aborted)
    throw new CommandError('Interrupted. What the run had opened was closed, unless it says so', 1)
  return result
}

/** Verifies contracts against the mock or a service; answers the exit code. */
export async function runVerify(flags: VerifyFlags, terminal: Terminal): Promise<number> {
  const orders = (flags.report ?? []).map(parseReportOrder)
  await prepareReports(orders, terminal.folder)
  const result = await verifyAndStore(flags, terminal)
  await writeReports(result, orders, terminal.folder)
  return isGood(result) ? 0 : 1
}
