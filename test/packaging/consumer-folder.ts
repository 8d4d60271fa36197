import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder outside the workspace where the tarballs of all packages are installed. */
    readonly consumerFolder: string
  }
}

const tarballs = fileURLToPath(new URL('../../.generated/tarballs/', import.meta.url))

const installTimeoutMs = 120_000

async function findTarballs(): Promise<string[]> {
  const names = await readdir(tarballs).catch(() => [])
  if (names.length === 0) throw new Error(`${tarballs} is empty; run scripts/packaging.js first`)
  return names.map(name => join(tarballs, name))
}

function install(folder: string, files: readonly string[]): void {
  const { status, error, stdout, stderr } = spawnSync(
    'npm',
    // npm's cache answers first, so that an unchanged dependency costs no request.
    ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', ...files],
    {
      cwd: folder,
      encoding: 'utf8',
      shell: process.platform === 'win32',
      timeout: installTimeoutMs,
    },
  )
  if (status !== 0)
    throw new Error(`npm install ${files.join(' ')} failed:\n${stdout}${stderr}`, { cause: error })
}

/** Installs the tarballs once for every file of the project, and removes the folder after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const files = await findTarballs()
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'sendbox-consumer-')))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
    // lmdb is an optional peer, so that npm leaves it to whoever needs a data folder.
    install(folder, [...files, 'lmdb@3'])
  } catch (error) {
    await remove()
    throw error
  }
  project.provide('consumerFolder', folder)
  return remove
}
