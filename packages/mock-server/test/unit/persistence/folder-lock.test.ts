import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { FolderLock, isElsewhere, type ProcessTable } from '../../../src/persistence/folder-lock.ts'
import { createDataFolder } from '../../data-folder.ts'

const processes: ProcessTable = {
  pid: 10,
  bootId: 'boot',
  pidNamespace: 'pid:[1]',
  startTimeOf: pid => (pid === 20 ? '500' : undefined),
  isAlive: pid => pid === 20,
}

const owner = {
  token: 'a',
  pid: 20,
  folder: '7',
  startTime: '500',
  bootId: 'boot',
  pidNamespace: 'pid:[1]',
}

const { startTime: _, ...withoutStart } = owner

test.each([
  ['another living process', owner, true],
  ['a living process, where the system tells no start', withoutStart, true],
  ['a dead process', { ...owner, pid: 21 }, false],
  ['a dead process, where the system tells no start', { ...withoutStart, pid: 21 }, false],
  ['a dead process whose id is used again', { ...owner, startTime: '499' }, false],
  ['a process before the last boot', { ...owner, bootId: 'earlier' }, false],
  [
    'a process of another container, which LMDB tells',
    { ...owner, pidNamespace: 'pid:[2]' },
    false,
  ],
  ['a thread of this process, which LMDB tells', { ...owner, pid: 10 }, false],
  ['the mock of the folder that this is a copy of', { ...owner, folder: '8' }, false],
])('a folder of %s: refused is %#', (_name, of, isRefused) => {
  expect(isElsewhere(of, '7', processes)).toBe(isRefused)
})

test('names this process in a file while it is held, for all copies of the package', async () => {
  const folder = await createDataFolder()
  const lock = new FolderLock(folder)
  expect(lock.isHeld).toBe(false)
  await lock.claim()
  expect(lock.isHeld).toBe(true)
  const text = await readFile(path.join(folder, 'lock.json'), 'utf8')
  expect(JSON.parse(text)).toMatchObject({ pid: process.pid, token: lock.token })
  expect(() => new FolderLock(folder)).toThrow('is in use by this process')
  const copies = (process as unknown as Record<symbol, Set<string>>)[
    Symbol.for('sendbox.dataFolders')
  ]
  expect(copies?.has(folder)).toBe(true)
  lock.release()
  await expect(readFile(path.join(folder, 'lock.json'))).rejects.toThrow('ENOENT')
  new FolderLock(folder).release()
})

test.each([
  ['removed', (file: string) => rm(file)],
  [
    'claimed by another mock',
    async (file: string) => {
      await writeFile(`${file}.other`, '{}')
      await rename(`${file}.other`, file)
    },
  ],
])('is no longer held once the file was %s, and then leaves it alone', async (_name, change) => {
  const folder = await createDataFolder()
  const lock = new FolderLock(folder)
  await lock.claim()
  const file = path.join(folder, 'lock.json')
  await change(file)
  expect(lock.isHeld).toBe(false)
  const before = await readFile(file, 'utf8').catch(() => undefined)
  lock.release()
  expect(await readFile(file, 'utf8').catch(() => undefined)).toBe(before)
})

test('a lock file that cannot be read is none', async () => {
  const folder = await createDataFolder()
  await writeFile(path.join(folder, 'lock.json'), '{"pid":')
  const lock = new FolderLock(folder)
  await lock.claim()
  expect(lock.isHeld).toBe(true)
  lock.release()
})
