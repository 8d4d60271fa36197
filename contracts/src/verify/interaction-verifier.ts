import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

/** What the child process is told to verify. */
export interface InteractionOrder {
  /** A pact file of one interaction. */
  readonly pactFile: string
  readonly url: string
  readonly statesUrl: string
}

/** What the verifier made of it. */
interface InteractionOutcome {
  readonly verdict: 'ok' | 'failed' | 'noVerdict'
  /** What it printed, without colours. */
  readonly output: string
}

/** Verifies interactions one after the other. */
export interface InteractionVerifier extends AsyncDisposable {
  /** Starts the process before the first interaction comes: it takes longer than many of them. */
  warmUp(): void
  verify(order: InteractionOrder): Promise<InteractionOutcome>
}

/** Stands before the verdict where the output of one interaction ends. */
export const endOfInteraction = '\u0001sendbox verdict: '

/** How long one interaction may take, in ms. */
const longestVerificationMs = 60_000

const child = fileURLToPath(new URL('./interaction-process.ts', import.meta.url))

/** Starts the verifier's process when the first interaction comes or before, and again after it died. */
export function createInteractionVerifier(): InteractionVerifier {
  let running: ChildProcess | undefined
  const start = (): ChildProcess => {
    const started = fork(child, [], {
      execArgv: ['--conditions=@sendbox/source', '--import', import.meta.resolve('tsx')],
      env: { ...process.env, PACT_DO_NOT_TRACK: 'true' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Ctrl-C reaches every process of its group; the interaction that runs comes to its end all the same.
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
    verify(order) {
      running ??= start()
      const verifier = running
      return new Promise(resolve => {
        let output = ''
        const end = (verdict: InteractionOutcome['verdict'], text: string): void => {
          clearTimeout(timer)
          verifier.stdout?.off('data', take)
          verifier.off('close', die)
          resolve({ verdict, output: stripVTControlCharacters(text) })
        }
        const take = (chunk: Buffer): void => {
          output += chunk.toString()
          const [text = '', verdict] = output.split(endOfInteraction)
          if (verdict?.includes('\n')) end(verdict.startsWith('ok') ? 'ok' : 'failed', text)
        }
        const die = (): void => end('noVerdict', output)
        const timer = setTimeout(() => verifier.kill('SIGKILL'), longestVerificationMs)
        verifier.stdout?.on('data', take)
        verifier.on('close', die)
        verifier.send(order)
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

/** What an output says is wrong, line by line; all of it where it says so in no known way. */
export function findMismatches(output: string): string[] {
  const [, failures = output] = output.split('\nFailures:\n')
  const lines = failures
    .split('\nThere were ')[0]
    ?.split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
  const known = lines?.filter(line => / -> |^expected .* but was /.test(line)) ?? []
  return known.length > 0 ? known : (lines ?? []).slice(1)
}
