import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The file that a command of an installed package runs. */
export async function findCommand(folder: string, name: string, command: string): Promise<string> {
  const installed = join(folder, 'node_modules/@sendbox', name)
  const { bin } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as {
    readonly bin: Readonly<Record<string, string>>
  }
  return join(installed, bin[command] ?? `no command ${command}`)
}

/** A `sendbox start` that listens. */
export interface StartedCommand extends AsyncDisposable {
  readonly url: string
  /** Ends it as a container does; resolves with its exit code, and its standard error. */
  stop(): Promise<{ readonly status: number | null; readonly stderr: string }>
}

/** Runs `start` of the file of the command on a free port, and waits until it listens. */
export async function startCommand(
  file: string,
  { node = process.execPath, folder }: { readonly node?: string; readonly folder: string },
  ...flags: readonly string[]
): Promise<StartedCommand> {
  const child = spawn(node, [file, 'start', '--port', '0', '--json', ...flags], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const exited = once(child, 'exit') as Promise<[number | null]>
  const ready = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>
  const first = await Promise.race([ready.then(([line]) => line), exited.then(() => undefined)])
  if (first === undefined) throw new Error(`The command ended before it listened: ${stderr}`)
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal)
    const [status] = await exited
    return status
  }
  return {
    url: (JSON.parse(first) as { readonly url: string }).url,
    stop: async () => ({ status: await end('SIGTERM'), stderr }),
    [Symbol.asyncDispose]: async () => void (await end('SIGKILL')),
  }
}
