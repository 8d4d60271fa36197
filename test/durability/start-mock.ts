import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** The folder of the checkout, in which the processes run. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

/** Flags of Node for programs that import Sendbox from its source. */
export const sourceFlags = ['--conditions=@sendbox/source', '--import', 'tsx'] as const

/** The arguments of Node that run `sendbox`, without those of `sendbox`. */
export type MockProgram = readonly string[]

/** Runs it from source. */
export const sourceProgram: MockProgram = [
  '--expose-gc',
  ...sourceFlags,
  fileURLToPath(new URL('./mock-process.ts', import.meta.url)),
]

/** A bundle does not end with the process that started it, as mock-process.ts does. */
const endsWithParent =
  "data:text/javascript,process.on('disconnect', () => process.exit(1)); process.channel?.unref()"

/** Builds the command that the tarball has, which starts in a fifth of the CPU time that the source takes. */
export async function buildProgram(): Promise<MockProgram> {
  const folder = path.join(root, 'packages/mock-server')
  await promisify(execFile)(path.join(folder, 'node_modules/.bin/vite'), ['build'], { cwd: folder })
  return ['--import', endsWithParent, path.join(folder, 'command/sendbox.js')]
}

/** The arguments of `sendbox` that start a mock on a free port. */
export const startFlags = ['start', '--port', '0', '--json', '--log-level', 'error'] as const

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
  /** How long it took until it listened. */
  readonly startMs: number
  /** Its standard error so far. */
  readonly errors: () => string
  /** Asks the process how it is, `afterCollection` of all its garbage. */
  sample(options?: { readonly afterCollection: boolean }): Promise<ProcessSample>
  /** Kills it with SIGKILL, as a crash does. */
  kill(): Promise<void>
  /** Ends it as Ctrl-C does, and resolves with the exit code. */
  stop(): Promise<number | null>
}

/** The limits of a process. */
interface ProcessLimits {
  /** How long a file may become, in blocks of 512 bytes or of 1 KiB, as the shell has it. */
  readonly fileBlocks?: number
  /** Its heap, in MiB: Node ends the process beyond it. */
  readonly heapMebibytes?: number
}

function spawnMock(
  program: MockProgram,
  flags: readonly string[],
  { fileBlocks, heapMebibytes }: ProcessLimits = {},
): ChildProcess {
  const limit = fileBlocks === undefined ? '' : `ulimit -f ${fileBlocks} && `
  const heap = heapMebibytes === undefined ? [] : [`--max-old-space-size=${heapMebibytes}`]
  const args = [process.execPath, ...heap, ...program, ...startFlags, ...flags]
  return spawn('sh', ['-c', `${limit}exec "$@"`, 'sh', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
}

/** Starts a mock on a folder, and kills it with SIGKILL after a time, in ms. */
export async function killWhileStarting(
  program: MockProgram,
  folder: string,
  afterMs: number,
): Promise<void> {
  const child = spawnMock(program, ['--data', folder])
  const exited = once(child, 'exit')
  await delay(afterMs)
  child.kill('SIGKILL')
  await exited
}

/** Runs `sendbox start` from source on a free port, and waits until it listens; rejects with its standard error where it does not. */
export const startMock = (...flags: readonly string[]): Promise<MockProcess> =>
  startProgram(sourceProgram, flags)

/** Does so within limits. */
export const startLimited = (
  limits: ProcessLimits,
  ...flags: readonly string[]
): Promise<MockProcess> => startProgram(sourceProgram, flags, limits)

/** Does so with another program. */
export async function startProgram(
  program: MockProgram,
  flags: readonly string[],
  limits?: ProcessLimits,
): Promise<MockProcess> {
  const startedAt = performance.now()
  const child = spawnMock(program, flags, limits)
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
    startMs: performance.now() - startedAt,
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
