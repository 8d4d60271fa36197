import { expect, test } from 'vitest'
import { silentLogger } from '../../../src/logger.ts'
import { openCertificates } from '../../../src/tls/contexts.ts'
import { createDataFolder } from '../../data-folder.ts'

test('a client that invents host names neither fills the log nor evicts the certificates of others', async () => {
  const lines: string[] = []
  const log = { ...silentLogger, warn: (_: object, line: string) => void lines.push(line) }
  const { contextOf } = await openCertificates({ data: await createDataFolder() }, log)
  const known = await contextOf('api.liveperson.net')
  for (const _ of [1, 2])
    for (let index = 0; index < 300; index += 1) await contextOf(`host-${index}.example`)
  expect(lines).toHaveLength(100)
  expect(await contextOf('api.liveperson.net')).toBe(known)
  expect(await contextOf('a.example')).toBe(await contextOf('b.example'))
})
