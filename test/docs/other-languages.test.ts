import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { fenceOf } from './fence-of.ts'

const cli = new URL('../../packages/mock-server/src/cli/main.ts', import.meta.url).href

/** A folder that has the command `sendbox`, run from source. */
async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sendbox-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const entry = join(folder, 'entry.mjs')
  await writeFile(entry, `import { runCli } from '${cli}'\nawait runCli(process.argv.slice(2))\n`)
  const node = [
    process.execPath,
    '--conditions=@sendbox/source',
    '--import',
    import.meta.resolve('tsx'),
  ]
  const words = [...node, entry].map(word => `'${word}'`).join(' ')
  const command = join(folder, 'sendbox')
  await writeFile(command, `#!/bin/sh\nexec ${words} "$@"\n`)
  await chmod(command, 0o755)
  return folder
}

const isMissing = (command: string, flag: string): boolean =>
  spawnSync(command, [flag]).status !== 0

const examples = [
  { language: 'python', file: 'example.py', command: 'python3', flag: '--version' },
  { language: 'java', file: 'SendboxExample.java', command: 'java', flag: '-version' },
].map(({ flag, ...example }) => {
  const isSkipped = isMissing(example.command, flag)
  const what = isSkipped
    ? `is NOT RUN: ${example.command} is not on this machine`
    : 'starts the mock, lets the agent speak, reads the journal, and stops it'
  return [`the ${example.language} example ${what}`, { ...example, isSkipped }] as const
})

test.for(examples)('%s', async ([title, example], { skip }) => {
  const { language, file, command, isSkipped } = example
  skip(isSkipped, title)
  const folder = await createFolder()
  await writeFile(join(folder, file), await fenceOf(language, 'docs/other-languages.md'))
  const child = spawn(command, [file], {
    cwd: folder,
    env: { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH']}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr, closed] = [text(child.stdout), text(child.stderr), once(child, 'close')]
  const [code] = (await closed) as [number | null]
  expect({ code, stdout: await stdout, stderr: await stderr }).toEqual({
    code: 0,
    stdout:
      "the agent's message has the number 1\nthe connector sent Hello\nthe mock ended with 0\n",
    stderr: '',
  })
})
