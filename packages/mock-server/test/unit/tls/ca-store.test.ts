import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import type { Logger } from '../../../src/logger.ts'
import { openStoredCa } from '../../../src/tls/ca-store.ts'
import { createDataFolder } from '../../data-folder.ts'

const dayMs = 86_400_000

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

/** A log that keeps its lines. */
function createLog() {
  const lines: string[] = []
  const write = (_: object, message: string) => void lines.push(message)
  const log: Logger = { debug: write, info: write, warn: write, error: write }
  return { log, lines }
}

const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o777

test('is made at first use for its user alone, and found again', async () => {
  const data = await createDataFolder()
  const { log, lines } = createLog()
  const first = await openStoredCa({ data }, log)
  const second = await openStoredCa({ data }, log)

  expect(second.certificate).toBe(first.certificate)
  expect(await readFile(first.file, 'utf8')).toBe(first.certificate)
  expect(await modeOf(path.join(data, 'tls', 'ca-key.pem'))).toBe(0o600)
  expect(await modeOf(path.join(data, 'tls'))).toBe(0o700)
  expect((await readdir(path.join(data, 'tls'))).toSorted()).toEqual(['ca-key.pem', 'ca.pem'])
  expect(lines).toEqual(['a CA was made; "sendbox ca" says how to trust it'])
})

test.runIf(process.platform === 'linux')(
  'is one for all mocks of a user, where no data folder is',
  async () => {
    const folder = await createDataFolder()
    vi.stubEnv('XDG_DATA_HOME', folder)
    const { file } = await openStoredCa({}, createLog().log)
    expect(file).toBe(path.join(folder, 'sendbox', 'ca.pem'))
  },
)

test('of ten mocks that begin together one makes it, and all have the same', async () => {
  const data = await createDataFolder()
  const cas = await Promise.all(
    Array.from({ length: 10 }, () => openStoredCa({ data }, createLog().log)),
  )
  expect(new Set(cas.map(({ certificate }) => certificate)).size).toBe(1)
  expect((await readdir(path.join(data, 'tls'))).toSorted()).toEqual(['ca-key.pem', 'ca.pem'])
})

test('is replaced within 30 days of its end, and not before', async () => {
  const data = await createDataFolder()
  const { log, lines } = createLog()
  vi.useFakeTimers({ toFake: ['Date'] })
  const first = await openStoredCa({ data }, log)
  vi.setSystemTime(first.endsAt - 30 * dayMs)
  expect((await openStoredCa({ data }, log)).certificate).toBe(first.certificate)
  vi.setSystemTime(first.endsAt - 30 * dayMs + 1)
  const second = await openStoredCa({ data }, log)
  expect(second.endsAt).toBeGreaterThan(first.endsAt)
  expect(await readFile(second.file, 'utf8')).toBe(second.certificate)
  expect(lines.slice(1)).toEqual(['the CA was near its end and was replaced: trust the new one'])
})

test('has further names only if it is made with them', async () => {
  const named = await createDataFolder()
  const { covers } = await openStoredCa({ data: named, caNames: ['chat.example'] }, createLog().log)
  expect(['chat.example', 'a.chat.example', 'example'].map(covers)).toEqual([true, true, false])

  const data = await createDataFolder()
  await openStoredCa({ data }, createLog().log)
  await expect(openStoredCa({ data, caNames: ['chat.example'] }, createLog().log)).rejects.toThrow(
    `The CA in ${path.join(data, 'tls', 'ca-key.pem')} was made without chat.example: remove the file, so that another CA is made, and trust that one`,
  )
})

test.each([
  ['no PEM', () => 'nonsense'],
  ['half of it', (text: string) => text.slice(0, text.length / 2)],
  ['nothing', () => ''],
])('%s is refused with what to do', async (_, damage) => {
  const data = await createDataFolder()
  await openStoredCa({ data }, createLog().log)
  const file = path.join(data, 'tls', 'ca-key.pem')
  await writeFile(file, damage(await readFile(file, 'utf8')))
  await expect(openStoredCa({ data }, createLog().log)).rejects.toThrow(
    `The CA in ${file} is damaged: remove the file, so that another CA is made, and trust that one`,
  )
})

test('a key that others can read is warned about', async () => {
  const data = await createDataFolder()
  await openStoredCa({ data }, createLog().log)
  await chmod(path.join(data, 'tls', 'ca-key.pem'), 0o644)
  const { log, lines } = createLog()
  await openStoredCa({ data }, log)
  expect(lines).toEqual(['other users can read the private key of the CA: chmod 600 it'])
})

test('a folder that cannot be made is refused with what to do', async () => {
  const data = await createDataFolder()
  await mkdir(data, { recursive: true })
  await writeFile(path.join(data, 'tls'), 'a file')
  await expect(openStoredCa({ data }, createLog().log)).rejects.toThrow(
    `The CA in ${path.join(data, 'tls')} cannot be written (EEXIST): choose a data folder that this user may write to, or start with --tls-cert and --tls-key`,
  )
})
