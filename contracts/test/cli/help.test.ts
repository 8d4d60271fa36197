import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runInTerminal } from '../command-terminal.ts'

const golden = (name: string): string =>
  fileURLToPath(new URL(`golden/${name}.txt`, import.meta.url))

test.each([
  ['help', ['--help']],
  ['help-verify', ['verify', '--help']],
  ['help-replay', ['replay', '--help']],
  ['help-drift', ['drift', '--help']],
  ['help-record', ['record', '--help']],
  ['help-serve', ['serve', '--help']],
])('%s reads as it is kept', async (name, argv) => {
  const { exitCode, stdout, stderr } = await runInTerminal(argv)
  expect([exitCode, stderr]).toEqual([0, ''])
  await expect(stdout).toMatchFileSnapshot(golden(name))
})

test('without a command the help is shown', async () => {
  const help = await runInTerminal(['--help'])
  expect(await runInTerminal([])).toEqual(help)
})

test('--version is that of the package', async () => {
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(manifest) as { readonly version: string }
  const { exitCode, stdout } = await runInTerminal(['--version'])
  expect([exitCode, stdout]).toEqual([0, `${version}\n`])
})
