import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const folder = fileURLToPath(new URL('.', import.meta.url))
const require = createRequire(import.meta.url)
const generated = join(folder, '../../../.generated/openapi-client/openapi.ts')

function runNode(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: 25_000,
  })
  return { status, output: status === 0 ? stdout : stdout + stderr }
}

test('a client of the types that openapi-typescript generates from openapi.json compiles, and its mistakes do not', () => {
  const document = require.resolve('@sendbox/schema/openapi.json')
  const generator = join(dirname(require.resolve('openapi-typescript/package.json')), 'bin/cli.js')
  expect(runNode(generator, document, '--output', generated)).toMatchObject({ status: 0 })
  const compiler = require.resolve('typescript/bin/tsc')
  expect(runNode(compiler, '--version').output).toMatch('Version 5.9.3')
  expect(runNode(compiler, '--pretty', 'false')).toEqual({ status: 0, output: '' })
})
