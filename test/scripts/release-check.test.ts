import { spawnSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createTemporaryFolder } from '../temporary-folder.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

const packages = ['packages/schema', 'packages/client', 'packages/mock-server', 'contracts']

/** Checks copies of the manifests whose addresses are at a host. */
async function checkAt(host: string, { without }: { readonly without?: string } = {}) {
  await using copy = await createTemporaryFolder()
  for (const folder of packages) {
    await mkdir(join(copy.path, folder), { recursive: true })
    const manifest = await readFile(join(root, folder, 'package.json'), 'utf8')
    const { [without ?? '']: _, ...fields } = JSON.parse(
      manifest.replaceAll('sendbox.invalid', host),
    )
    await writeFile(join(copy.path, folder, 'package.json'), JSON.stringify(fields))
  }
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(root, 'scripts/release-check.js'), copy.path],
    { encoding: 'utf8' },
  )
  return { status, stderr }
}

const refused = (fields: readonly string[]) => ({
  status: 1,
  stderr: `Set these before a release:\n${packages
    .flatMap(folder => fields.map(field => `${folder}/package.json: ${field}\n`))
    .join('')}`,
})

test('a release is refused while an address is a placeholder', async () => {
  expect(await checkAt('sendbox.invalid')).toEqual(refused(['homepage', 'repository', 'bugs']))
})

test('a release is refused where an address is missing', async () => {
  expect(await checkAt('git.example', { without: 'bugs' })).toEqual(refused(['bugs']))
})

test('a release may go on where every address is set', async () => {
  expect(await checkAt('git.example')).toEqual({ status: 0, stderr: '' })
})
