import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { open } from 'lmdb'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { startMockServer } from '../../../src/index.ts'
import { parseSnapshot } from '../../../src/lifecycle/snapshot-schema.ts'
import { createDataFolder } from '../../data-folder.ts'

/** The rows that Sendbox 0.1.0 wrote with format 1, and the snapshot of the account that it took. */
const FixtureSchema = z.object({
  documents: z.array(
    z.object({ key: z.array(z.union([z.number(), z.string()])), value: z.unknown() }),
  ),
  files: z.array(z.object({ key: z.array(z.union([z.number(), z.string()])), base64: z.string() })),
  snapshot: z.looseObject({ webhooks: z.looseObject({ installs: z.array(z.unknown()) }) }),
})

const fixture = FixtureSchema.parse(
  JSON.parse(await readFile(new URL('fixtures/format-1.json', import.meta.url), 'utf8')),
)

async function createFolderOfFormat1(): Promise<string> {
  const folder = await createDataFolder()
  const lmdbFolder = path.join(folder, 'lmdb')
  await mkdir(lmdbFolder)
  const root = open({ path: lmdbFolder, eventTurnBatching: false })
  const documents = root.openDB({ name: 'documents', encoding: 'json' })
  const files = root.openDB({ name: 'files', encoding: 'binary' })
  for (const { key, value } of fixture.documents) await documents.put(key, value)
  for (const { key, base64 } of fixture.files) await files.put(key, Buffer.from(base64, 'base64'))
  await root.close()
  const format = { format: 'sendbox-data', version: 1, sendbox: '0.1.0' }
  await writeFile(path.join(folder, 'format.json'), JSON.stringify(format))
  return folder
}

test('a folder of format 1 is upgraded, and has all that it had', async () => {
  const data = await createFolderOfFormat1()
  for (const _start of ['the upgrade', 'the next one']) {
    await using server = await startMockServer({ data, seed: 'format-1' })
    const account = server.account('4711')
    const snapshot = await account.snapshot()
    expect(snapshot).toEqual(fixture.snapshot)
    expect(parseSnapshot(snapshot, '4711')).toEqual(snapshot)
    expect([account.clientId, account.clientSecret]).toEqual(['mine', 'hush-hush'])
    expect(account.webhooks.list().map(({ state }) => state)).toEqual([
      'stored',
      'stored',
      'stored',
      'stored',
    ])
  }
  expect(fixture.snapshot.webhooks.installs).toHaveLength(1)
  const format = JSON.parse(await readFile(path.join(data, 'format.json'), 'utf8')) as unknown
  expect(format).toMatchObject({ version: 2 })
})

test('an upgrade that was interrupted before the format was written is repeated', async () => {
  const data = await createFolderOfFormat1()
  const format1 = await readFile(path.join(data, 'format.json'), 'utf8')
  await (await startMockServer({ data })).close()
  await writeFile(path.join(data, 'format.json'), format1)
  await using server = await startMockServer({ data, seed: 'format-1' })
  expect(await server.account('4711').snapshot()).toEqual(fixture.snapshot)
})
