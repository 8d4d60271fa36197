import { expect, test } from 'vitest'
import type { Command } from '../../../src/model/command.ts'
import { createDataFolder } from '../../data-folder.ts'
import { accountId, key, open, run, say, startService, zoe } from './failing-disk.ts'

const type = (chatState: 'COMPOSING' | 'PAUSE' | 'ACTIVE'): Command => ({
  type: 'publish',
  participant: zoe,
  dialogId: 'talk',
  event: { type: 'ChatStateEvent', chatState },
})

const startSurvey: Command = {
  type: 'startSurvey',
  participant: { id: 'agent-1', role: 'ASSIGNED_AGENT' },
}

/** Expects the state after a restart to be the one before it. */
async function expectSurvival(folder: string, transcriptEntries: number | null, before: unknown) {
  await using again = await startService(folder, transcriptEntries)
  expect(await again.service.store.snapshot(accountId)).toEqual(before)
}

test('whatever a conversation went through is there again', async () => {
  const folder = await createDataFolder()
  const first = await startService(folder)
  for (const command of [open, say('a'), type('COMPOSING'), say('b'), startSurvey, type('PAUSE')])
    await run(first.service, command)
  await first.service.store.saveProfile({ accountId, consumerId: 'zoe' }, { firstName: 'Zoe' })
  await first.service.store.saveProfile({ accountId, consumerId: 'zoe' }, { firstName: 'Zoë' })
  const before = await first.service.store.snapshot(accountId)
  await first.data.close()
  expect(before).toMatchObject({
    conversations: [{ transcripts: { talk: [{ sequence: 0 }, { sequence: 1 }] } }],
    profiles: { zoe: { firstName: 'Zoë' } },
  })
  await expectSurvival(folder, null, before)
})

test('what the memory drops is dropped on disk too', async () => {
  const folder = await createDataFolder()
  const first = await startService(folder, 2)
  await run(first.service, open)
  for (const message of ['a', 'b', 'c', 'd']) await run(first.service, say(message))
  for (const chatState of ['COMPOSING', 'PAUSE', 'ACTIVE'] as const)
    await run(first.service, type(chatState))
  const before = await first.service.store.snapshot(accountId)
  await first.data.close()
  expect(before).toMatchObject({
    conversations: [
      {
        dropped: 2,
        transcripts: { talk: [{ sequence: 2 }, { sequence: 3 }] },
        chatStateHistories: { talk: [{ chatState: 'PAUSE' }, { chatState: 'ACTIVE' }] },
      },
    ],
  })
  await expectSurvival(folder, null, before)
  const second = await startService(folder, 2)
  await run(second.service, say('e'))
  const after = await second.service.store.snapshot(accountId)
  expect(await second.countKeys()).toEqual({ conversation: 1, entry: 2, chatState: 2 })
  await second.data.close()
  await expectSurvival(folder, null, after)
})

test('nothing is left on disk of what was forgotten or replaced', async () => {
  await using world = await startService(await createDataFolder())
  const { service, countKeys } = world
  const { store, files } = service
  await run(service, open)
  await run(service, say('a'))
  await run(service, type('PAUSE'))
  for (const firstName of ['Zoe', 'Zoë'])
    await store.saveProfile({ accountId, consumerId: 'zoe' }, { firstName })
  for (const bytes of [[1], [2]]) {
    files.save(accountId, 'x', new Uint8Array(bytes))
    await service.flush?.(accountId)
  }
  const full = { conversation: 1, entry: 1, chatState: 1, profile: 1, file: 1, bytes: 1 }
  expect(await countKeys()).toEqual(full)
  await store.restore(accountId, await store.snapshot(accountId))
  expect(await countKeys()).toEqual(full)
  files.reset(accountId)
  await store.remove(key)
  expect(await countKeys()).toEqual({ profile: 1 })
  await store.reset(accountId)
  expect(await countKeys()).toEqual({})
})

test('a setting that keeps less shortens what is on disk, once and for all', async () => {
  const folder = await createDataFolder()
  const first = await startService(folder)
  await run(first.service, open)
  for (const message of ['a', 'b', 'c']) await run(first.service, say(message))
  await first.data.close()
  const shorter = await startService(folder, 1)
  const before = await shorter.service.store.snapshot(accountId)
  await shorter.data.close()
  expect(before).toMatchObject({
    conversations: [{ dropped: 2, transcripts: { talk: [{ sequence: 2 }] } }],
  })
  await expectSurvival(folder, null, before)
})

test('a conversation that was removed, a cleared account and a restored one are so after a restart', async () => {
  const folder = await createDataFolder()
  const first = await startService(folder)
  const { store } = first.service
  await run(first.service, open)
  await run(first.service, say('a'))
  const full = await store.snapshot(accountId)
  await store.remove(key)
  await first.data.close()
  const second = await startService(folder)
  expect(await second.service.store.snapshot(accountId)).toEqual({
    conversations: [],
    profiles: {},
  })
  await second.service.store.restore(accountId, full)
  await run(second.service, say('b'))
  const fuller = await second.service.store.snapshot(accountId)
  await second.data.close()
  await expectSurvival(folder, null, fuller)
  const third = await startService(folder)
  const { store: resetStore } = third.service
  await resetStore.reset(accountId)
  expect(await resetStore.snapshot(accountId)).toEqual({ conversations: [], profiles: {} })
  await third.data.close()
  await expectSurvival(folder, null, { conversations: [], profiles: {} })
})

test('what cannot be written is given up, told to nobody, and the mock goes on from what is on disk', async () => {
  const folder = await createDataFolder()
  const first = await startService(folder)
  const { service, disk } = first
  await run(service, open)
  await run(service, say('kept'))
  const told: unknown[] = []
  service.updates.subscribe('conversation', ({ events }) => {
    told.push(events.map(event => event.type === 'counted' && event.entry.sequence))
    return undefined
  })
  const kept = await service.store.snapshot(accountId)
  disk.error = new Error('ENOSPC')
  const lost = await Promise.allSettled(['a', 'b'].map(message => run(service, say(message))))
  const reason = `The data folder ${folder} cannot be written to (the disk is full): nothing of this call is kept; make room there, then repeat it`
  expect(lost.map(result => result.status === 'rejected' && String(result.reason))).toEqual([
    `DataError: ${reason}`,
    `DataError: ${reason}`,
  ])
  expect(await service.store.snapshot(accountId)).toEqual(kept)
  disk.error = undefined
  const reply = await run(service, say('again'))
  expect(reply).toMatchObject({ ok: true, body: { sequence: 1 } })
  expect(told).toEqual([[1]])
  const before = await service.store.snapshot(accountId)
  await first.data.close()
  await expectSurvival(folder, null, before)
})

test('a folder that is gone keeps nothing more, and every call says so', async () => {
  const folder = await createDataFolder()
  await using world = await startService(folder)
  const { service, disk } = world
  await run(service, open)
  disk.error = new Error('EIO')
  disk.isGone = true
  const words = `DataError: The data folder ${folder} can be neither written to nor read any more (Error: ENOENT): nothing is kept from now on; stop the mock, and see what became of the folder`
  await expect(run(service, say('a')).catch(String)).resolves.toBe(words)
  disk.error = undefined
  const { writes } = disk
  await expect(run(service, say('b')).catch(String)).resolves.toBe(words)
  expect(disk.writes).toBe(writes)
})

test('a call that is still under way when the mock was closed is not kept, and does no harm', async () => {
  const folder = await createDataFolder()
  const { service, data } = await startService(folder)
  await run(service, open)
  const before = await service.store.snapshot(accountId)
  await data.close()
  await expect(run(service, say('late'))).rejects.toThrow('the mock was closed')
  await expectSurvival(folder, null, before)
})

test('an install and a file that cannot be written are not there, and a clock is written with the next call', async () => {
  const folder = await createDataFolder()
  const first = await startService(folder)
  const { service, disk } = first
  disk.error = new Error('ENOSPC')
  service.installs.replace(accountId, { clientId: 'a', capabilities: undefined })
  service.files.save(accountId, 'x', new Uint8Array([1]))
  await service.clocks.of(accountId).advance(5)
  await expect(service.flush?.(accountId)).rejects.toThrow('cannot be written to')
  expect(service.installs.of(accountId).clientId).toBe('sendbox-client')
  expect(service.files.load(accountId, 'x')).toBeUndefined()
  disk.error = undefined
  await run(service, open)
  await first.data.close()
  await using again = await startService(folder)
  expect(again.service.clocks.of(accountId).snapshot()).toEqual({ offsetMs: 5, frozenAt: null })
})

test('a refused step waits for what it was worked out on, and writes nothing', async () => {
  await using world = await startService(await createDataFolder())
  const { service, disk } = world
  await run(service, open)
  const { writes } = disk
  const order: string[] = []
  const close: Command = {
    type: 'updateFields',
    participant: zoe,
    fields: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
  }
  const closed = run(service, close).then(() => order.push('closed'))
  const refused = run(service, say('late')).then(reply => order.push(`ok: ${reply.ok}`))
  await Promise.all([closed, refused])
  expect([order, disk.writes - writes]).toEqual([['closed', 'ok: false'], 1])
  await run(service, say('later'))
  expect(disk.writes - writes).toBe(1)
})

test('a step is one write, with all that it brings about, a file of the account included', async () => {
  await using world = await startService(await createDataFolder())
  const { service, disk, countKeys } = world
  await run(service, open)
  const { writes } = disk
  service.files.save(accountId, 'x', new Uint8Array([1]))
  await run(service, say('a'))
  expect(disk.writes - writes).toBe(1)
  expect(await countKeys()).toEqual({ conversation: 1, entry: 1, file: 1, bytes: 1 })
})

test('calls that change nothing beside their step write nothing more', async () => {
  await using world = await startService(await createDataFolder())
  const { service, disk } = world
  await run(service, open)
  const { writes } = disk
  expect(service.flush?.(accountId)).toBeUndefined()
  expect(disk.writes).toBe(writes)
})
