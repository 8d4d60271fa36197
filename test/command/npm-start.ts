import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Whether any process of a group is alive. */
export function isGroupAlive(leader: number): boolean {
  try {
    process.kill(-leader, 0)
    return true
  } catch {
    return false
  }
}

/** The output of `npm start`, run in a process group of its own as a terminal does it. */
export interface Started extends AsyncDisposable {
  readonly child: ChildProcess
  readonly output: () => string
  readonly closed: Promise<[code: number | null, signal: NodeJS.Signals | null]>
  until(pattern: RegExp): Promise<string>
}

/** Where a user is, and the variables that they set. */
interface Place {
  readonly folder: string
  readonly env?: Readonly<Record<string, string>>
}

/** Runs `npm start` with arguments, as a user does who is in `folder`. */
export function npmStartIn({ folder, env }: Place, ...args: string[]): Started {
  const child = spawn('npm', ['--prefix', root, 'start', '--', ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const closed = once(child, 'close') as Started['closed']
  const waiting = new Set<() => void>()
  const collect = (chunk: Buffer) => {
    output += chunk.toString()
    for (const check of waiting) check()
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  const until = async (pattern: RegExp): Promise<string> => {
    const found = new Promise<void>(resolve => {
      const check = () => {
        if (pattern.test(output)) resolve()
      }
      waiting.add(check)
      check()
    })
    await Promise.race([found, closed])
    if (!pattern.test(output)) throw new Error(`npm start ended before ${pattern}:\n${output}`)
    return output
  }
  return {
    child,
    closed,
    output: () => output,
    until,
    [Symbol.asyncDispose]: async () => {
      if (child.pid && isGroupAlive(child.pid)) process.kill(-child.pid, 'SIGKILL')
      await closed
    },
  }
}

/** Runs `npm start` in the root of the workspace. */
export const npmStart = (...args: string[]): Started => npmStartIn({ folder: root }, ...args)

/** The banner ends with this line. */
export const ready = /Ctrl-C stops it\./

export const urlIn = (output: string): string => {
  const url = /listens on (http:\/\/\S+)/.exec(output)?.[1]
  if (url === undefined) throw new Error(`no URL in:\n${output}`)
  return url
}

/** The output by lines, without npm's own. */
export const linesOf = (started: Started): string[] =>
  started
    .output()
    .split('\n')
    .filter(line => line !== '' && !/^(> |npm )/.test(line))
