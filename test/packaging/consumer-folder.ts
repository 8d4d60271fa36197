import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { copySources } from '../../scripts/copy-checkout.ts'
import { userEnv } from './user-env.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A copy of the checkout in which only `npm run tarballs` has run. */
    readonly checkoutFolder: string
    /** The line that installs the tarballs, as `npm run tarballs` printed it. */
    readonly installLine: string
    /** A folder outside the workspace where the tarballs of all packages are installed. */
    readonly consumerFolder: string
  }
}

/** Runs a line in a folder, as it is typed; returns its standard output. */
function runLine(line: string, cwd: string): string {
  const { status, error, stdout, stderr } = spawnSync(line, {
    cwd,
    encoding: 'utf8',
    env: userEnv(),
    shell: true,
    timeout: 120_000,
  })
  if (status !== 0) throw new Error(`${line} failed:\n${stdout}${stderr}`, { cause: error })
  return stdout
}

/** Installs the tarballs and further packages in an empty folder. */
export async function installIn(
  folder: string,
  installLine: string,
  ...packages: readonly string[]
): Promise<void> {
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  // npm's cache answers first, so that an unchanged dependency costs no request.
  const flags = '--prefer-offline --no-audit --no-fund --ignore-scripts'
  runLine(`${installLine} ${packages.join(' ')} ${flags}`, folder)
}

/** Packs an unbuilt copy of the checkout, and installs the tarballs by the printed line, once for every file of the project. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'sendbox-packaging-')))
  const checkoutFolder = join(folder, 'checkout')
  const consumerFolder = join(folder, 'consumer')
  const remove = () => rm(folder, { recursive: true, force: true })
  let installLine: string
  try {
    copySources(checkoutFolder)
    // As `changeset version` writes it.
    await Promise.all(
      ['packages/schema', 'packages/client', 'packages/mock-server', 'contracts'].map(path =>
        writeFile(join(checkoutFolder, path, 'CHANGELOG.md'), '# Changes\n'),
      ),
    )
    installLine = runLine('npm run tarballs', checkoutFolder).trimEnd().split('\n').at(-1) ?? ''
    await mkdir(consumerFolder)
    // The types of some entries name these optional peers; none names lmdb, which the folder is without. The runners' page is run with jest.
    await installIn(
      consumerFolder,
      installLine,
      'vitest@4',
      'fast-check@4',
      '@types/node@20',
      'jest@30',
    )
  } catch (error) {
    await remove()
    throw error
  }
  project.provide('checkoutFolder', checkoutFolder)
  project.provide('installLine', installLine)
  project.provide('consumerFolder', consumerFolder)
  return remove
}
