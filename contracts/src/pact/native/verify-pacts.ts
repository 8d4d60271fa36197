import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import {
  checkHits,
  checkStateFailures,
  checkStates,
  checkTearDowns,
  type VerificationFacts,
} from '../gates.ts'
import { readPactFile } from '../pact-file.ts'

/** What is verified, and against what. */
export interface VerifyOptions {
  /** Paths of pact files of specification 4. */
  readonly pactFiles: readonly string[]
  /**
   * Module whose `createProvider()` starts the provider and handles its states.
   * @default the mock
   */
  readonly providerModule?: string
  /**
   * Longest time for the whole verification, in ms.
   * @default 60_000
   */
  readonly timeoutMs?: number
}

/** What a verification came to; it succeeded where `problems` is empty. */
export interface VerifyResult {
  readonly problems: readonly string[]
  /** What the verifier printed, without colours. */
  readonly output: string
}

/** What the child process says when it is done. */
export interface VerifierReport extends VerificationFacts {
  /** The verifier's verdict; its reasons are in the output. */
  readonly failure?: string
}

const child = fileURLToPath(new URL('./verifier-process.ts', import.meta.url))
const mockProvider = new URL('./mock-provider.ts', import.meta.url).href

interface ChildOutcome {
  readonly report: VerifierReport | undefined
  readonly output: string
}

/** The verifier prints to file descriptor 1 and may throw from a native thread, so it has a process of its own. */
function runVerifier(pactFile: string, options: VerifyOptions): Promise<ChildOutcome> {
  const { providerModule = mockProvider, timeoutMs = 60_000 } = options
  return new Promise((resolve, reject) => {
    const verifier = fork(child, [providerModule, pactFile], {
      execArgv: ['--conditions=@sendbox/source', '--import', import.meta.resolve('tsx')],
      env: { ...process.env, PACT_DO_NOT_TRACK: 'true' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      timeout: timeoutMs,
    })
    const chunks: Buffer[] = []
    let report: VerifierReport | undefined
    verifier.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
    verifier.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk))
    verifier.on('message', message => {
      report = message as VerifierReport
    })
    verifier.on('error', reject)
    verifier.on('close', () =>
      resolve({ report, output: stripVTControlCharacters(Buffer.concat(chunks).toString()) }),
    )
  })
}

async function verifyPact(pactFile: string, options: VerifyOptions): Promise<VerifyResult> {
  const pact = await readPactFile(pactFile)
  const { report, output } = await runVerifier(pactFile, options)
  if (report === undefined)
    return { problems: [`The verifier ended without a verdict on ${pactFile}`], output }
  return {
    problems: [
      ...(report.failure === undefined ? [] : [report.failure]),
      ...checkStates(pact, report.handledStates),
      ...checkStateFailures(report),
      ...checkTearDowns(report),
      ...checkHits(pact, report),
    ],
    output,
  }
}

/** Verifies pact files one after the other, with the gates that the verifier itself lacks. */
export async function verifyPacts(options: VerifyOptions): Promise<VerifyResult> {
  const results: VerifyResult[] = []
  for (const pactFile of options.pactFiles) results.push(await verifyPact(pactFile, options))
  if (results.length === 0) return { problems: ['There is no pact file to verify'], output: '' }
  return {
    problems: results.flatMap(({ problems }) => problems),
    output: results.map(({ output }) => output).join('\n'),
  }
}
