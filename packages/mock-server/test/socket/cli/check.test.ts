import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { startMockServer } from '../../../src/index.ts'
import { runToEnd } from '../../command-terminal.ts'
import { createDataFolder } from '../../data-folder.ts'

/** A folder with a conversation of three entries. */
async function createFilled(): Promise<string> {
  const data = await createDataFolder()
  await using server = await startMockServer({ data })
  const account = server.account()
  await account.conversations.open('zoe', 'talk')
  const agent = account.agent('talk')
  for (const text of ['one', 'two', 'three']) await agent.say(text)
  return data
}

test('counts what a whole folder has', async () => {
  const data = await createFilled()
  expect(await runToEnd(['check', data])).toEqual({
    code: 0,
    stderr: '',
    stdout: `1 accounts, 1 conversations with 3 entries, 0 files, 0 webhooks to deliver\nThe data folder ${data} is whole.\n`,
  })
  const { stdout } = await runToEnd(['check', data, '--json'])
  expect(JSON.parse(stdout)).toMatchObject({
    counts: { entries: 3 },
    problems: [],
    problemCount: 0,
  })
})

test('lists what is wrong, and ends with 1', async () => {
  const data = await createFilled()
  const file = path.join(data, 'lmdb', 'data.mdb')
  const bytes = await readFile(file)
  for (const text of ['"one"', '"two"'])
    for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + 1))
      bytes[at + 1] = 0x78
  await writeFile(file, bytes)
  expect(await runToEnd(['check', data])).toEqual({
    code: 1,
    stderr: '',
    stdout: expect.stringMatching(
      /the checksum of row \[0,"entry",0,0,0\] is wrong\nthe checksum of row \[0,"entry",0,0,1\] is wrong\n.*is damaged/,
    ),
  })
})

test.each([
  ['a folder of something else', async () => createDataFolder(), 'has no format.json'],
  ['a folder that is none', async () => '/nowhere/at/all', 'has no format.json'],
])('refuses %s', async (_, create, words) => {
  const folder = await create()
  const { code, stderr } = await runToEnd(['check', folder])
  expect([code, stderr]).toEqual([
    1,
    `The data folder ${folder} ${words}: it is none that a mock was started with\n`,
  ])
})
