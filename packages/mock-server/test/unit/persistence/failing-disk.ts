import { createService } from '../../../src/app/create-app.ts'
import type { Command } from '../../../src/model/command.ts'
import type { Database } from '../../../src/persistence/database.ts'
import { FolderLock } from '../../../src/persistence/folder-lock.ts'
import { openDatabase } from '../../../src/persistence/lmdb-database.ts'
import { Persistence } from '../../../src/persistence/persistence.ts'
import type { Services } from '../../../src/services.ts'

export const accountId = '1'
export const key = { accountId, conversationId: 'talk' }

/** The row of the time of an account's last commit. */
const timeKind = 'time'

/** The mock on a database whose writes a test may let fail. */
export async function startService(folder: string, transcriptEntries: number | null = null) {
  const database = await openDatabase(folder, new FolderLock(folder))
  const disk: {
    error: Error | undefined
    /** Writes wait for it. */
    ready: Promise<void> | undefined
    isGone: boolean
    writes: number
  } = {
    error: undefined,
    ready: undefined,
    isGone: false,
    writes: 0,
  }
  const failing: Database = {
    folder,
    token: database.token,
    accountIds: () => database.accountIds(),
    load: id => database.load(id),
    freeBytes() {
      if (disk.isGone) throw new Error('ENOENT')
      return 0
    },
    async commit(...args) {
      disk.writes += 1
      await disk.ready
      if (disk.error) throw disk.error
      await database.commit(...args)
    },
    close: () => database.close(),
  }
  const data = new Persistence(failing)
  const service = createService({ settings: { transcriptEntries }, now: () => 1000 }, data)
  await data.load(service)
  /** Counts the rows on disk by kind. */
  const countKeys = async (): Promise<Record<string, number>> => {
    const counts: Record<string, number> = {}
    for (const row of await database.load(accountId)) {
      const [kind] = row.key
      if (kind !== timeKind) counts[kind] = (counts[kind] ?? 0) + 1
    }
    return counts
  }
  return { service, data, disk, countKeys, [Symbol.asyncDispose]: () => data.close() }
}

export const run = (service: Services, command: Command) => service.conversations.run(key, command)

export const open: Command = {
  type: 'open',
  conversationId: 'talk',
  consumerId: 'zoe',
  request: {},
  features: [],
}

export const zoe = { id: 'zoe', role: 'CONSUMER' } as const

export const say = (message: string): Command => ({
  type: 'publish',
  participant: zoe,
  dialogId: 'talk',
  event: { type: 'ContentEvent', contentType: 'text/plain', message },
})
