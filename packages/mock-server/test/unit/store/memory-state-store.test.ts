import { expect, test } from 'vitest'
import type { Command } from '../../../src/model/command.ts'
import { reduce } from '../../../src/model/reduce.ts'
import { MemoryStateStore } from '../../../src/store/memory-state-store.ts'

const key = { accountId: '1', conversationId: 'c' }
const environment = {
  now: 1,
  survey: false,
  isStrict: false,
  isUploaded: () => false,
  newDialogId: () => 'survey',
}
const participant = { id: 'me', role: 'CONSUMER' } as const

async function fill(store: MemoryStateStore): Promise<void> {
  const run = (command: Command) =>
    store.transact(key, state => ({ ...reduce(state, command, environment), deliveries: [] }))
  await run({ type: 'open', ...key, consumerId: 'me', request: {}, features: [] })
  const say = (dialogId: string, message: string) => {
    const event = { type: 'ContentEvent', contentType: 'text/plain', message } as const
    return run({ type: 'publish', participant, dialogId, event })
  }
  for (const message of ['0', '1', '2']) await say('c', message)
  await run({ type: 'startSurvey', participant: { id: 'agent-1', role: 'ASSIGNED_AGENT' } })
  for (const message of ['0', '1']) await say('survey', message)
}

const keptIn = async (store: MemoryStateStore) => {
  const record = await store.load(key)
  const kept = [...(record?.transcripts ?? [])].map(([dialogId, transcript]) => [
    dialogId,
    transcript.map(({ sequence }) => sequence),
  ])
  return { kept, dropped: record?.dropped }
}

test('keeps the newest entries of a conversation, over all its dialogs, and counts the others', async () => {
  const store = new MemoryStateStore(3)
  await fill(store)
  expect(await keptIn(store)).toEqual({
    kept: [
      ['c', [2]],
      ['survey', [0, 1]],
    ],
    dropped: 2,
  })
})

test('keeps everything without a bound', async () => {
  const store = new MemoryStateStore()
  await fill(store)
  expect(await keptIn(store)).toEqual({
    kept: [
      ['c', [0, 1, 2]],
      ['survey', [0, 1]],
    ],
    dropped: 0,
  })
})

test('numbers go on where the transcript was cut', async () => {
  const store = new MemoryStateStore(1)
  await fill(store)
  const { state } = (await store.load(key)) ?? {}
  expect(state?.dialogs.map(({ nextSequence }) => nextSequence)).toEqual([3, 2])
})
