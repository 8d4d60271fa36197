import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { mutantFolders } from './mutant-table.ts'

/** How a run of a package's own tests ended: `undefined` if all passed, else the test or the event that noticed. */
export type Notice = string | undefined

/** Milliseconds after which a run counts as hanging, which notices a mutant too. */
const timeoutMs = 600_000

/** The projects of a package's own tests. */
const projectsOf = (folder: string): string[] =>
  folder === 'contracts' ? ['traces', 'consumer', 'provider'] : ['unit', 'socket']

interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

/** Runs a command to its end, in a process group of its own, so that what it started ends with it. */
export async function run(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<number | 'timeout'> {
  const child = spawn(join(cwd, 'node_modules/.bin', command), args, {
    cwd,
    stdio: 'ignore',
    detached: true,
  })
  const end = () => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  }
  const timer = setTimeout(end, timeoutMs)
  const [status, signal] = (await once(child, 'exit')) as [number | null, string | null]
  clearTimeout(timer)
  return signal === 'SIGKILL' ? 'timeout' : (status ?? 1)
}

function readNotice(report: string, folder: string): Notice {
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report
  for (const { name, status, assertionResults } of testResults) {
    const failed = assertionResults.find(result => result.status === 'failed')
    const path = name.slice(name.indexOf(folder))
    if (failed !== undefined) return `${path}: ${failed.fullName}`
    if (status === 'failed') return `${path}: does not load`
  }
  return 'the run failed'
}

/**
 * Runs the tests of the package in `folder` of a copy, and stops at the first that fails. With a `file`, first those that import it, as
 * these are the likely ones.
 */
export async function runOwnTests(copy: string, folder: string, file?: string): Promise<Notice> {
  const report = join(copy, 'mutants-report.json')
  const shared = [
    ...projectsOf(folder).flatMap(project => ['--project', project]),
    ...mutantFolders.filter(other => other !== folder).map(other => `--exclude=${other}/**`),
    '--bail=1',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]
  const runs = [
    ...(file === undefined ? [] : [['related', '--run', file, ...shared]]),
    ['run', ...shared, `${folder}/`],
  ]
  for (const args of runs) {
    rmSync(report, { force: true })
    const status = await run('vitest', args, copy)
    if (status === 'timeout') return 'a run that does not end'
    if (status !== 0) return readNotice(report, folder)
  }
  return undefined
}
