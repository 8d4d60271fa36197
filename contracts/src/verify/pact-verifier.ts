import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import type { GatewayUrls } from './gateway.ts'

/** One verification by the child process. */
export interface VerificationRequest extends GatewayUrls {
  readonly pactFile: string
  /** The descriptions of the pact's messages. */
  readonly messages: readonly string[]
}

interface VerificationOutcome {
  readonly verdict: 'ok' | 'failed' | 'noVerdict'
  /** The message of the verifier's error, which names no mismatch; for `failed` only. */
  readonly reason?: string
  /** The verifier's output, without colours. */
  readonly output: string
}

/** The verdict as the child process reports it. */
export type Verdict = Omit<VerificationOutcome, 'output'>

/** Pact's native verifier in a child process; one verification at a time. */
export interface PactVerifier extends AsyncDisposable {
  /** Starts the process before the first verification: its start takes longer than many of them. */
  warmUp(): void
  verify(request: VerificationRequest): Promise<VerificationOutcome>
}

/** Ends the output of one verification; the verdict follows. */
const endOfOutput = '\u0001sendbox verdict: '

const child = fileURLToPath(new URL('./verifier-process.js', import.meta.url))

/**
 * Starts the process on demand, and again after it died. It is a process of its own because the verifier prints to file descriptor 1 and
 * may throw from a native thread.
 */
export function createPactVerifier({
  timeoutMs = 60_000,
}: {
  /** Longest time of one verification, in ms. @default 60_000 */
  readonly timeoutMs?: number | undefined
} = {}): PactVerifier {
  let running: ChildProcess | undefined
  const start = (): ChildProcess => {
    const started = fork(child, [endOfOutput], {
      execArgv: [],
      env: { ...process.env, PACT_DO_NOT_TRACK: 'true' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Ctrl-C reaches every process of its group; the current verification completes anyway.
      detached: true,
    })
    started.stderr?.resume()
    started.once('close', () => {
      running = undefined
    })
    return started
  }
  return {
    warmUp() {
      running ??= start()
    },
    verify(request) {
      running ??= start()
      const verifier = running
      return new Promise(resolve => {
        let output = ''
        const end = (verdict: Verdict, text: string): void => {
          clearTimeout(timer)
          verifier.stdout?.off('data', read)
          verifier.off('close', onClose)
          resolve({ ...verdict, output: stripVTControlCharacters(text) })
        }
        const read = (chunk: Buffer): void => {
          output += chunk.toString()
          const [text = '', verdict] = output.split(endOfOutput)
          if (verdict?.includes('\n')) end(JSON.parse(verdict) as Verdict, text)
        }
        const onClose = (): void => end({ verdict: 'noVerdict' }, output)
        const timer = setTimeout(() => verifier.kill('SIGKILL'), timeoutMs)
        verifier.stdout?.on('data', read)
        verifier.on('close', onClose)
        verifier.send(request)
      })
    },
    async [Symbol.asyncDispose]() {
      if (running === undefined) return
      const closed = once(running, 'close')
      running.kill()
      await closed
    },
  }
}

/** Explains a failed verification of a whole pact, or of a message. */
export const toDishonoured = (reason = ''): string =>
  `The provider does not honour the pact (${reason}); the verifier's output says where`

/** The mismatches in the verifier's output, one per line; all lines of a failure if none has a known form. */
export function findMismatches(output: string): string[] {
  const [, failures = output] = output.split('\nFailures:\n')
  const lines = (failures.split('\nThere were ')[0] ?? '')
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
  const known = lines.filter(line => / -> |^expected .* but was /.test(line))
  return known.length > 0 ? known : lines.slice(1)
}
