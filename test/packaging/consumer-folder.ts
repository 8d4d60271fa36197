import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder outside the workspace where the tarball of `@sendbox/schema` is installed. */
    readonly consumerFolder: string
  }
}

const tarballs = fileURLToPath(new URL('../../.generated/tarballs/', import.meta.url))

const installTimeoutMs = 120_000

async function schemaTarball(): Promise<string> {
  const names = await readdir(tarballs).catch(() => [])
  const name = names.find(candidate => /^sendbox-schema-.*\.tgz$/.test(candidate))
  if (name === undefined)
    throw new Error(`No tarball of @sendbox/schema in ${tarballs}; run scripts/packaging.js first`)
  return join(tarballs, name)
}

function install(folder: string, tarball: string): void {
  const { status, error, stdout, stderr } = spawnSync(
    'npm',
    // npm's cache answers first, so that an unchanged dependency costs no request.
    ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', tarball],
    {
      cwd: folder,
      encoding: 'utf8',
      shell: process.platform === 'win32',
      timeout: installTimeoutMs,
    },
  )
  if (status !== 0)
    throw new Error(`npm install ${tarball} failed:\n${stdout}${stderr}`, { cause: error })
}

/** Installs the tarball once for every file of the project, and removes the folder after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const tarball = await schemaTarball()
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'sendbox-consumer-')))
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
    install(folder, tarball)
  } catch (error) {
    await remove()
    throw error
  }
  project.provide('consumerFolder', folder)
  return remove
}
