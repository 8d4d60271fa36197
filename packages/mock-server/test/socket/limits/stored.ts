import { expect, vi } from 'vitest'
import { createService } from '../../../src/app/create-app.ts'
import { FileStore } from '../../../src/files/file-store.ts'
import { startMockServer } from '../../../src/index.ts'
import { silentLogger } from '../../../src/logger.ts'
import { openCertificates } from '../../../src/tls/contexts.ts'
import { TokenService } from '../../../src/tokens/token-service.ts'
import { createDataFolder } from '../../data-folder.ts'
import type { LimitCheck } from '../../limits-table.ts'
import { recordOf } from '../../unit/journal/records.ts'
import { call, startConsumerSession, text } from '../consumer-session.ts'

/** Adds as many as there may be, then one more: how many there are each time, and how many were evicted. */
const fill = (
  maximum: number,
  add: (index: number) => void,
  count: () => readonly [kept: number, evicted: number],
) => {
  for (let index = 0; index < maximum; index += 1) add(index)
  const within = count()
  add(maximum)
  return [within, count()]
}

export const storedLimits: Readonly<Record<string, LimitCheck>> = {
  async 'files of an account'({ numbers: [maximum = 0, maxBytes = 0] }) {
    const many = new FileStore()
    const counts = fill(
      maximum,
      index => many.save('1', String(index), new Uint8Array(1)),
      () => [many.listOf('1').size, many.load('1', '0') === undefined ? 1 : 0],
    )
    expect(counts).toEqual([
      [maximum, 0],
      [maximum, 1],
    ])
    const large = new FileStore()
    for (const path of ['a', 'b']) large.save('1', path, new Uint8Array(maxBytes / 2))
    expect([...large.listOf('1').keys()]).toEqual(['a', 'b'])
    large.save('1', 'c', new Uint8Array(1))
    expect([...large.listOf('1').keys()]).toEqual(['b', 'c'])
  },

  async 'transcript of a conversation'() {
    await using session = await startConsumerSession({ settings: { transcriptEntries: 3 } })
    const show = async () => {
      const view = await session.server.account().conversations.get(session.conversationId)
      return [view?.dialogs[0]?.transcript.map(({ sequence }) => sequence), view?.dropped]
    }
    for (let index = 0; index < 3; index += 1) await session.publish(text('hi'))
    expect(await show()).toEqual([[0, 1, 2], 0])
    await session.publish(text('hi'))
    expect(await show()).toEqual([[1, 2, 3], 1])
  },

  async 'journal of an account'({ numbers: [maximum = 0, maxBytes = 0] }) {
    const journal = createService({}).journals.of('1')
    const counts = fill(
      maximum,
      () => journal.record(recordOf()),
      () => [journal.length, journal.dropped],
    )
    expect(counts).toEqual([
      [maximum, 0],
      [maximum, 1],
    ])
    const large = createService({}).journals.of('1')
    for (const sizeBytes of [maxBytes / 2, maxBytes / 2]) large.record(recordOf({ sizeBytes }))
    expect([large.length, large.dropped]).toEqual([2, 0])
    large.record(recordOf({ sizeBytes: 1 }))
    expect([large.length, large.dropped]).toEqual([2, 1])
  },

  async 'journals of all accounts together'({ numbers: [maximum = 0] }) {
    const { journals } = createService({})
    const lengths = () => ['a', 'b', 'c'].map(id => journals.peek(id).length)
    for (const id of ['a', 'b']) journals.of(id).record(recordOf({ sizeBytes: maximum / 2 }))
    expect([lengths(), journals.of('a').dropped]).toEqual([[1, 1, 0], 0])
    journals.of('c').record(recordOf({ sizeBytes: 1 }))
    expect([lengths(), journals.of('a').dropped]).toEqual([[0, 1, 1], 1])
  },

  async 'text of a body that is no JSON, in the journal'({ numbers: [maximum = 0] }) {
    await using session = await startConsumerSession()
    const { server, sendUrl, headers } = session
    const record = async (length: number) => {
      await call(sendUrl, { method: 'POST', headers, body: '{'.padEnd(length, ' x') })
      const { bytes, text: shown } = server.account().requests.list().at(-1)?.raw ?? {}
      return [bytes, shown?.length]
    }
    expect(await record(maximum)).toEqual([maximum, maximum])
    expect(await record(maximum + 1)).toEqual([maximum + 1, maximum])
  },

  async 'certificates of host names'({ numbers: [maximum = 0] }) {
    const data = await createDataFolder()
    const { contextOf } = await openCertificates({ data }, silentLogger)
    const first = await contextOf('a0.localhost')
    for (let index = 1; index < maximum; index += 1) await contextOf(`a${index}.localhost`)
    expect(await contextOf('a0.localhost')).toBe(first)
    await contextOf(`a${maximum}.localhost`)
    expect(await contextOf('a0.localhost')).not.toBe(first)
  },

  async 'cached tokens'({ numbers: [maximum = 0] }) {
    const tokens = new TokenService()
    const [header] = (await tokens.signConsumerJws('1', 'zoe')).split('.')
    const payload = { account_id: '1', ext_consumer_id: 'zoe', lp_consumer_id: 'a'.repeat(64) }
    const claims = Buffer.from(JSON.stringify(payload)).toString('base64url')
    const tokenOf = (index: number) =>
      `${header}.${claims}.${Buffer.from(String(index).padStart(32, '0')).toString('base64url')}`
    // 10,001 signatures would take several seconds, and the cache does not look at them.
    using verify = vi.spyOn(crypto.subtle, 'verify').mockResolvedValue(true)
    const read = async (index: number) => {
      verify.mockClear()
      expect(await tokens.readConsumerJws(tokenOf(index), '1', 0)).toBeDefined()
      return verify.mock.calls.length
    }
    for (let index = 0; index < maximum; index += 1) await read(index)
    expect([await read(0), await read(maximum - 1)]).toEqual([0, 0])
    expect([await read(maximum), await read(0), await read(2)]).toEqual([1, 1, 0])
  },

  async 'accounts, conversations, connections'() {
    await using server = await startMockServer()
    const accounts = Array.from({ length: 200 }, (_, index) => server.account(`account-${index}`))
    for (const account of accounts) await account.conversations.open('zoe')
    const shown = async () => {
      const { json } = await call(`${server.url}/__sendbox/accounts?limit=1000`)
      return (json as unknown[]).length
    }
    expect(await shown()).toBe(accounts.length)
    await server.reset()
    expect(await shown()).toBe(0)
  },
}
