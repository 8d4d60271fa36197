import { link, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { writeWholeFile } from '../../src/whole-file.ts'
import { createDataFolder } from '../data-folder.ts'

test('a file takes the place of another one whole, with its mode, and leaves no draft', async () => {
  const folder = await createDataFolder()
  const file = path.join(folder, 'a.json')
  await writeFile(file, 'old')
  await writeWholeFile(file, 'new', { mode: 0o600 })
  expect(await readFile(file, 'utf8')).toBe('new')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await readdir(folder)).toEqual(['a.json'])
})

test('a draft that cannot take its place is removed', async () => {
  const folder = await createDataFolder()
  const file = path.join(folder, 'a.json')
  await writeFile(file, 'old')
  await expect(writeWholeFile(file, 'new', { place: link })).rejects.toThrow('EEXIST')
  expect(await readdir(folder)).toEqual(['a.json'])
})

test('the drafts of killed processes are removed, and neither young ones nor other files', async () => {
  const folder = await createDataFolder()
  const file = path.join(folder, 'a.json')
  const old = new Date(Date.now() - 61_000)
  for (const name of ['a.json.dead', 'b.json.dead', 'a.json.young']) {
    await writeFile(path.join(folder, name), '')
    if (name.endsWith('dead')) await utimes(path.join(folder, name), old, old)
  }
  await writeWholeFile(file, 'new')
  expect((await readdir(folder)).toSorted()).toEqual(['a.json', 'a.json.young', 'b.json.dead'])
})
