import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type NamedInteraction, readInteractions } from '../../pact/pact-file.ts'
import { storeResult } from '../../report/stored-results.ts'
import { toSummary } from '../../report/terminal.ts'
import { type ReportOutput, reportFormats, writeReports } from '../../report/write.ts'
import { readTrace, readTraces, type Trace } from '../../traces/trace.ts'
import { runVerification } from '../../verify/run-verification.ts'
import { isGood, type VerificationResult } from '../../verify/verify-result.ts'
import { askConsent, createProgress } from '../ask-consent.ts'
import { type BrokerFlags, readBrokerPacts } from '../broker-pacts.ts'
import { checkService, type PlainHttpFlag, readTarget } from '../read-target.ts'
import { CommandError, orRefuse, type Terminal } from '../terminal.ts'

/** The flags of `sendbox-contracts verify`. */
export interface VerifyFlags extends BrokerFlags, PlainHttpFlag {
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

/** The contracts in the flags, or else all contracts of Sendbox. */
async function readContracts(
  { pact, trace }: Pick<VerifyFlags, 'pact' | 'trace'>,
  folder: string,
): Promise<{ traces: Trace[]; interactions: NamedInteraction[] }> {
  if (pact === undefined && trace === undefined)
    return { traces: await readTraces(), interactions: await readInteractions(ownPact) }
  const readAll = <Value>(
    paths: readonly string[] = [],
    read: (path: string) => Promise<Value>,
  ): Promise<Value[]> => orRefuse(Promise.all(paths.map(path => read(resolve(folder, path)))))
  return {
    traces: await readAll(trace, readTrace),
    interactions: (await readAll(pact, readInteractions)).flat(),
  }
}

/** Verifies the interactions of a broker or the contracts in the flags, shows the progress, and stores the result of a live run. */
export async function verifyAndStore(
  flags: Pick<VerifyFlags, 'target' | 'pact' | 'trace' | 'yes' | 'results' | 'allowPlainHttp'>,
  terminal: Terminal,
  ofBroker?: readonly NamedInteraction[],
): Promise<VerificationResult> {
  const { folder, stdout, stderr, now } = terminal
  const target = readTarget(flags.target, terminal, flags)
  const { traces, interactions } = ofBroker
    ? { traces: [], interactions: ofBroker }
    : await readContracts(flags, folder)
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
  const external = [ofBroker, flags.pact, flags.trace].some(given => given !== undefined)
  const progress = createProgress(stdout)
  const contracts = { traces, interactions, external }
  const result = await runVerification({ target, ...contracts, run, now, signal, ...progress })
  stdout.write(toSummary(result, stdout))
  if (isLive) {
    const path = await storeResult(resolve(folder, flags.results), result)
    stderr.write(`Stored in ${path}\n`)
  } else if (target !== 'mock') {
    stderr.write(`${target.domainApiUrl} is a mock: this was no live run, and is not stored\n`)
  }
  if (signal.aborted)
    throw new CommandError('Interrupted. What the run had opened was closed, unless it says so', 1)
  return result
}

/** Parses `junit=reports/contracts.xml`. */
function parseReportOutput(text: string): ReportOutput {
  const [format = '', ...rest] = text.split('=')
  const path = rest.join('=')
  if (!Object.hasOwn(reportFormats, format) || path === '')
    throw new CommandError(
      `--report "${text}" is none. Write --report json=<file> or --report junit=<file>`,
    )
  return { format: format as ReportOutput['format'], path }
}

/** Verifies contracts against the mock or a service; returns the exit code. */
export async function runVerify(flags: VerifyFlags, terminal: Terminal): Promise<number> {
  const { folder } = terminal
  const outputs = (flags.report ?? []).map(parseReportOutput)
  // Before the run, so that no run is lost because its report cannot be written.
  for (const { format, path } of outputs)
    await orRefuse(
      mkdir(dirname(resolve(folder, path)), { recursive: true }),
      error => `--report ${format}=${path} cannot be written: ${(error as Error).message}`,
    )
  if (flags.brokerUrl !== undefined && (flags.pact ?? flags.trace) !== undefined)
    throw new CommandError('--broker-url takes the place of --pact and --trace: write one of them')
  const broker = await readBrokerPacts(flags, terminal)
  const result = await verifyAndStore(flags, terminal, broker?.interactions)
  await writeReports(result, outputs, folder)
  for (const line of (await broker?.publish(result)) ?? []) terminal.stdout.write(`${line}\n`)
  return isGood(result) ? 0 : 1
}
