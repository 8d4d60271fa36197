import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { checkDataFolder } from '../../../src/persistence/format.ts'
import { createDataFolder } from '../../data-folder.ts'

test('makes a folder that is not there, and takes it the next time', async () => {
  const folder = path.join(await createDataFolder(), 'deep', 'data')
  await checkDataFolder(folder)
  const format = await readFile(path.join(folder, 'format.json'), 'utf8')
  expect(JSON.parse(format)).toEqual({
    format: 'sendbox-data',
    version: 1,
    sendbox: expect.stringMatching(/^\d+\.\d+\.\d+/),
  })
  await checkDataFolder(folder)
  expect(await readFile(path.join(folder, 'format.json'), 'utf8')).toBe(format)
})

test('goes on where the mock died while it made the folder', async () => {
  const folder = await createDataFolder()
  await writeFile(path.join(folder, 'format.json.new'), '{"form')
  await checkDataFolder(folder)
  expect(await readdir(folder)).toEqual(['format.json'])
})

test('refuses a folder of a newer version, and touches nothing in it', async () => {
  const folder = await createDataFolder()
  await writeFile(
    path.join(folder, 'format.json'),
    '{"format":"sendbox-data","version":2,"sendbox":"7.1.0","more":1}',
  )
  await expect(checkDataFolder(folder)).rejects.toMatchObject({
    code: 'newer',
    message: `The data folder ${folder} has version 2, this mock reads version 1: start it with Sendbox 7.1.0 or newer, or choose another folder`,
  })
  expect(await readdir(folder)).toEqual(['format.json'])
})

test('refuses a folder with files that are not its own', async () => {
  const folder = await createDataFolder()
  await mkdir(path.join(folder, 'photos'))
  await expect(checkDataFolder(folder)).rejects.toMatchObject({
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
    await expect(checkDataFolder(folder)).rejects.toMatchObject({
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
  await expect(checkDataFolder(folder)).rejects.toMatchObject({
    code: 'notAFolder',
    message: `The data folder ${folder} ${words}`,
  })
})
