import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
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

/** Where to look first. */
interface Likely {
  /** The file that was changed, relative to the package. */
  readonly file: string
  /** The notice of an earlier run, or the path of a test, relative to the copy. */
  readonly test?: string | null | undefined
}

/** The likely runs, quickest first: the test that noticed before, the test rooms named as the file's room, the tests that import the file. */
function toLikelyRuns(copy: string, folder: string, { file, test }: Likely): string[][] {
  const [path = ''] = test?.split(': ') ?? []
  const [, room = ''] = file.split('/')
  const rooms = ['test', 'test/unit', 'test/socket']
    .map(parent => `${folder}/${parent}/${room}`)
    .filter(candidate => existsSync(join(copy, candidate)))
    .map(candidate => `${candidate}/`)
  const runs = [['related', '--run', join(copy, folder, file)]]
  if (rooms.length > 0) runs.unshift(['run', ...rooms])
  if (path !== '' && existsSync(join(copy, path))) runs.unshift(['run', path])
  return runs
}

/** Runs vitest in a copy, once for each list of arguments, with the own tests of the package in `folder` only; stops at the first test that fails. */
export async function runTests(
  copy: string,
  folder: string,
  runs: readonly string[][],
): Promise<Notice> {
  const report = join(copy, 'mutants-report.json')
  const shared = [
    ...projectsOf(folder).flatMap(project => ['--project', project]),
    ...mutantFolders.filter(other => other !== folder).map(other => `--exclude=${other}/**`),
    '--bail=1',
    '--passWithNoTests',
    // Transformed files are stored in the copy, by their content.
    '--experimental.fsModuleCache',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]
  for (const args of runs) {
    rmSync(report, { force: true })
    const status = await run('vitest', [...args, ...shared], copy)
    if (status === 'timeout') return 'a run that does not end'
    if (status !== 0) return readNotice(report, folder)
  }
  return undefined
}

/** Runs the tests of the package in `folder` of a copy, the likely ones first, and stops at the first that fails. */
export const runOwnTests = (copy: string, folder: string, likely?: Likely): Promise<Notice> =>
  runTests(copy, folder, [
    ...(likely ? toLikelyRuns(copy, folder, likely) : []),
    ['run', `${folder}/`],
  ])
