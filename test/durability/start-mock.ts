import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const entry = fileURLToPath(new URL('./mock-process.ts', import.meta.url))
const root = fileURLToPath(new URL('../../', import.meta.url))

/** How a mock's process is: bytes, and the delay of its event loop since it was last asked. */
interface ProcessSample {
  readonly rss: number
  /** The part of `rss` that is files which are mapped, programs and data. */
  readonly mapped: number
  readonly heapUsed: number
  readonly external: number
  readonly delayP99Ms: number
}

/** A mock in a process of its own. */
export interface MockProcess extends AsyncDisposable {
  readonly child: ChildProcess
  readonly url: string
  /** Its standard error so far. */
  readonly errors: () => string
  /** Asks the process how it is, `afterCollection` of all its garbage. */
  sample(options?: { readonly afterCollection: boolean }): Promise<ProcessSample>
  /** Kills it with SIGKILL, as a crash does. */
  kill(): Promise<void>
  /** Ends it as Ctrl-C does, and resolves with the exit code. */
  stop(): Promise<number | null>
}

const toCommand = (heapMebibytes: number | undefined): string[] => [
  process.execPath,
  ...(heapMebibytes === undefined ? [] : [`--max-old-space-size=${heapMebibytes}`]),
  '--conditions=@sendbox/source',
  '--expose-gc',
  '--import',
  'tsx',
  entry,
]

/** The limits of a process. */
interface ProcessLimits {
  /** How long a file may become, in blocks of 512 bytes or of 1 KiB, as the shell has it. */
  readonly fileBlocks: number
  /** Its heap, in MiB: Node ends the process beyond it. */
  readonly heapMebibytes: number
}

/** Runs `sendbox start` from source on a free port, and waits until it listens; rejects with what it said where it does not. */
export const startMock = (...flags: string[]): Promise<MockProcess> => startLimited({}, ...flags)

/** Does so within limits. */
export async function startLimited(
  { fileBlocks, heapMebibytes }: Partial<ProcessLimits>,
  ...flags: string[]
): Promise<MockProcess> {
  const start = ['start', '--port', '0', '--json', '--log-level', 'error', ...flags]
  const args = [...toCommand(heapMebibytes), ...start]
  const limit = fileBlocks === undefined ? '' : `ulimit -f ${fileBlocks} && `
  const child = spawn('sh', ['-c', `${limit}exec "$@"`, 'sh', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const exited = once(child, 'exit') as Promise<[number | null]>
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  if (child.stdout === null) throw new Error('The mock has no standard output')
  const lines = createInterface({ input: child.stdout })
  const ready = once(lines, 'line') as Promise<[string]>
  const first = await Promise.race([ready.then(([line]) => line), exited.then(() => undefined)])
  if (first === undefined) throw new Error(`The mock ended before it listened:\n${errors}`)
  const { url } = JSON.parse(first) as { readonly url: string }
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await exited
  }
  return {
    child,
    url,
    errors: () => errors,
    async sample({ afterCollection } = { afterCollection: false }) {
      const answered = once(child, 'message')
      child.send(afterCollection ? 'collect' : 'sample')
      const [sample] = await answered
      return sample as ProcessSample
    },
    kill,
    async stop() {
      child.kill('SIGTERM')
      const [code] = await exited
      return code
    },
    [Symbol.asyncDispose]: kill,
  }
}
