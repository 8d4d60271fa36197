import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { isReadableByOthers, prepareFolder } from '../../../src/persistence/format.ts'
import { createDataFolder } from '../../data-folder.ts'

/** Writes what stands for a database. */
async function writeDatabase(folder: string, content: string): Promise<void> {
  await mkdir(path.join(folder, 'lmdb'))
  await writeFile(path.join(folder, 'lmdb', 'data.mdb'), content)
}

test('makes a folder that is not there, and takes it the next time', async () => {
  const folder = path.join(await createDataFolder(), 'deep', 'data')
  const begun = await prepareFolder(folder)
  expect([begun.version, await readdir(folder)]).toEqual([undefined, ['format.json.new']])
  await begun.complete()
  const format = await readFile(path.join(folder, 'format.json'), 'utf8')
  expect(JSON.parse(format)).toEqual({
    format: 'sendbox-data',
    version: 2,
    sendbox: expect.stringMatching(/^\d+\.\d+\.\d+/),
  })
  await writeDatabase(folder, 'x')
  const found = await prepareFolder(folder)
  await found.complete()
  expect(found.version).toBe(2)
  expect(await readFile(path.join(folder, 'format.json'), 'utf8')).toBe(format)
})

test('goes on where the mock died while it made the folder', async () => {
  const folder = await createDataFolder()
  await writeFile(path.join(folder, 'format.json.new'), '{"form')
  await writeDatabase(folder, '')
  const { version, complete } = await prepareFolder(folder)
  await complete()
  expect([version, await readdir(folder)]).toEqual([undefined, ['format.json', 'lmdb']])
})

test.each([
  ['an empty database', ''],
  ['no database', undefined],
])('refuses a folder that has %s, where it had accounts', async (what, content) => {
  const folder = await createDataFolder()
  await writeFile(
    path.join(folder, 'format.json'),
    '{"format":"sendbox-data","version":2,"sendbox":"0.1.0"}',
  )
  if (content !== undefined) await writeDatabase(folder, content)
  await expect(prepareFolder(folder)).rejects.toMatchObject({
    code: 'damaged',
    message: `The data folder ${folder} has ${what}, where it had accounts: put back a copy of the folder, or choose an empty one`,
  })
})

test.skipIf(process.platform === 'win32')("a new folder is its user's alone", async () => {
  const folder = path.join(await createDataFolder(), 'data')
  await prepareFolder(folder)
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
  expect(await isReadableByOthers(folder)).toBe(false)
  await chmod(folder, 0o750)
  expect(await isReadableByOthers(folder)).toBe(true)
})

test('refuses a folder of a newer version, and touches nothing in it', async () => {
  const folder = await createDataFolder()
  await writeFile(
    path.join(folder, 'format.json'),
    '{"format":"sendbox-data","version":3,"sendbox":"7.1.0","more":1}',
  )
  await expect(prepareFolder(folder)).rejects.toMatchObject({
    code: 'newer',
    message: `The data folder ${folder} has version 3, this mock reads version 2: start it with Sendbox 7.1.0 or newer, or choose another folder`,
  })
  expect(await readdir(folder)).toEqual(['format.json'])
})

test('refuses a folder with files that are not its own', async () => {
  const folder = await createDataFolder()
  await mkdir(path.join(folder, 'photos'))
  await expect(prepareFolder(folder)).rejects.toMatchObject({
    code: 'foreign',
    message: `The data folder ${folder} has other files, and is none of Sendbox: choose an empty one`,
  })
  expect(await readdir(folder)).toEqual(['photos'])
})

test.each(['{"format":', '{"format":"other","version":1,"sendbox":"1.0.0"}', '[]'])(
  'refuses a folder whose format reads %s',
  async text => {
    const folder = await createDataFolder()
    await writeFile(path.join(folder, 'format.json'), text)
    await expect(prepareFolder(folder)).rejects.toMatchObject({
      code: 'unreadable',
      message: `The data folder ${folder} has a format.json that cannot be read: put back a copy of the folder, or choose an empty one`,
    })
  },
)

test.each([
  ['file', 'is a file: choose a folder'],
  ['file/inside', 'is a file: choose a folder'],
])('refuses %s, which is no folder', async (place, words) => {
  const file = path.join(await createDataFolder(), 'file')
  await writeFile(file, '')
  const folder = path.join(path.dirname(file), place)
  await expect(prepareFolder(folder)).rejects.toMatchObject({
    code: 'notAFolder',
    message: `The data folder ${folder} ${words}`,
  })
})
