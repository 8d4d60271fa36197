import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { runPasted } from './run-node.ts'

test.each([
  [
    'sendbox',
    'packages/mock-server/src/cli/program.ts',
    "An offline twin of LivePerson's Send API v3.",
  ],
  [
    'sendbox-contracts',
    'contracts/src/cli/program.ts',
    'Holds the mock and the real Send API side by side.',
  ],
])('in a checkout that was built, %s runs the source', async (command, path, description) => {
  const folder = inject('checkoutFolder')
  const file = join(folder, path)
  const source = await readFile(file, 'utf8')
  await writeFile(file, source.replace(description, 'Changed after the build.'))
  try {
    const { output } = runPasted(`npx --no -- ${command} --help`, folder)
    expect(output).toContain('Changed after the build.')
    expect(output).not.toContain(description)
  } finally {
    await writeFile(file, source)
  }
})

test.each(['packages/schema', 'packages/client', 'packages/mock-server', 'contracts'])(
  'npm, which would leave workspace: in the manifest, does not pack %s',
  path => {
    const { status, output } = runPasted('npm pack', join(inject('checkoutFolder'), path))
    expect(status).not.toBe(0)
    expect(output).toContain('Run npm run tarballs in the root of Sendbox.')
  },
)
