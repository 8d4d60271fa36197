import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { standInClient } from './tokens.ts'

const bin = fileURLToPath(new URL('../../contracts/bin/sendbox-contracts.js', import.meta.url))

const certificate = fileURLToPath(new URL('cert.pem', import.meta.url))

/** The outcome of the command. */
export interface CommandOutcome {
  readonly exitCode: number | null
  readonly output: string
}

/** A command that runs. */
export interface RunningCommand {
  readonly child: ChildProcess
  /** Waits until the output matches; rejects where the command ends before. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>
  readonly ended: Promise<CommandOutcome>
  /** Interrupts the process group, as Ctrl-C at a terminal does. */
  interrupt(): void
}

/** Starts `sendbox-contracts` in a folder, as the client of the stand-in, whose certificate it trusts. */
export function startContractsCommand(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): RunningCommand {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: folder,
    env: {
      ...process.env,
      SENDBOX_ACCOUNT_ID: standInClient.accountId,
      SENDBOX_CLIENT_ID: standInClient.clientId,
      SENDBOX_CLIENT_SECRET: standInClient.clientSecret,
      NODE_EXTRA_CA_CERTS: certificate,
      NO_COLOR: '1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  const listeners = new Set<() => void>()
  const take = (chunk: Buffer): void => {
    output += chunk.toString()
    for (const listen of listeners) listen()
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  const ended = once(child, 'close').then(([code]) => ({
    exitCode: code as number | null,
    output,
  }))
  return {
    child,
    ended,
    interrupt: () => void process.kill(-(child.pid ?? 0), 'SIGINT'),
    waitFor: pattern =>
      new Promise((resolve, reject) => {
        const listen = (): void => {
          const found = pattern.exec(output)
          if (found === null) return
          listeners.delete(listen)
          resolve(found)
        }
        listeners.add(listen)
        listen()
        void ended.then(() => reject(new Error(`The command ended with:\n${output}`)))
      }),
  }
}

/** Runs `sendbox-contracts` to its end. */
export const runContractsCommand = (
  ...args: Parameters<typeof startContractsCommand>
): Promise<CommandOutcome> => startContractsCommand(...args).ended
