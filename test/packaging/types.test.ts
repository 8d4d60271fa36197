import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, inject, test } from 'vitest'
import { runNode } from './run-node.ts'

const consumer = fileURLToPath(new URL('consumer.ts', import.meta.url))
const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url))

const compilerOptions = {
  target: 'es2023',
  // zod's declarations name URL, which without @types/node only the DOM declares.
  lib: ['es2023', 'dom'],
  types: [],
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
}

test.each([
  ['module nodenext', { module: 'nodenext' }],
  ['module resolution bundler', { module: 'preserve', moduleResolution: 'bundler' }],
])('the types refuse what is wrong and take what is right under %s', async (_, options) => {
  const folder = inject('consumerFolder')
  const files = ['consumer.ts', 'consumer.cts']
  for (const name of files) await copyFile(consumer, join(folder, name))
  const config = { compilerOptions: { ...compilerOptions, ...options }, files }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
  expect(runNode(tsc, '--pretty', 'false')).toEqual({ status: 0, output: '' })
})
