import { setImmediate as tick } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { AccountSettings } from '../../../src/accounts/account-settings.ts'
import { AppInstalls } from '../../../src/accounts/app-installs.ts'
import { Clocks } from '../../../src/accounts/clocks.ts'
import { RandomSource } from '../../../src/accounts/random-source.ts'
import { FileStore } from '../../../src/files/file-store.ts'
import { parseSettings } from '../../../src/settings.ts'
import { Conversations } from '../../../src/store/conversations.ts'
import { MemoryStateStore } from '../../../src/store/memory-state-store.ts'
import type { Change, StateStore } from '../../../src/store/state-store.ts'
import { Updates } from '../../../src/updates.ts'

/** A store that waits before and after each change, as one behind a network does; it keeps the port's promise to serialize. */
class SlowStore extends MemoryStateStore {
  readonly #last = new Map<string, Promise<unknown>>()

  async #inTurn(name: string, change: () => Promise<Change>): Promise<Change> {
    const before = this.#last.get(name)
    const turn = (async () => {
      await before
      await tick()
      const changed = await change()
      await tick()
      return changed
    })()
    this.#last.set(name, turn)
    return turn
  }

  override transact(...[key, toChange]: Parameters<StateStore['transact']>): Promise<Change> {
    return this.#inTurn(`conversation ${key.conversationId}`, () => super.transact(key, toChange))
  }

  override open(...[key, toChange]: Parameters<StateStore['open']>): Promise<Change> {
    return this.#inTurn(`consumer ${key.consumerId}`, () => super.open(key, toChange))
  }
}

function createConversations() {
  const settings = new AccountSettings(parseSettings({}))
  const store = new SlowStore()
  const updates = new Updates()
  const conversations = new Conversations({
    store,
    updates,
    settings,
    clocks: new Clocks(() => 1),
    random: new RandomSource('seed'),
    files: new FileStore(() => {}),
    installs: new AppInstalls({}),
    createDeliveries: () => [],
  })
  const open = (conversationId: string) =>
    conversations.open(
      '1',
      { type: 'open', conversationId, consumerId: 'zoe', request: {}, features: [] },
      settings.atStart,
    )
  const say = (conversationId: string, message: string) =>
    conversations.run(
      { accountId: '1', conversationId },
      {
        type: 'publish',
        participant: { id: 'zoe', role: 'CONSUMER' },
        dialogId: conversationId,
        event: { type: 'ContentEvent', contentType: 'text/plain', message },
      },
    )
  return { store, updates, open, say }
}

test('concurrent texts get numbers without a gap from a store that awaits, and are published in their order [SEQ-6]', async () => {
  const { store, updates, open, say } = createConversations()
  await open('c')
  const published: number[] = []
  updates.subscribe('conversation', ({ events }) => {
    for (const event of events) if (event.type === 'counted') published.push(event.entry.sequence)
  })
  const messages = Array.from({ length: 50 }, (_, index) => `message ${index}`)
  const replies = await Promise.all(messages.map(message => say('c', message)))
  const numbers = messages.map((_, index) => index)
  expect(replies).toMatchObject(numbers.map(sequence => ({ ok: true, body: { sequence } })))
  expect(published).toEqual(numbers)
  const record = await store.load({ accountId: '1', conversationId: 'c' })
  expect(record?.transcripts.get('c')).toMatchObject(
    messages.map((message, sequence) => ({ sequence, event: { message } })),
  )
})

test('one of several concurrent openings succeeds in a store that awaits [CON-4.1]', async () => {
  const { store, open } = createConversations()
  const replies = await Promise.all(['a', 'b', 'c'].map(open))
  expect(replies.filter(({ ok }) => ok)).toHaveLength(1)
  expect(await store.list('1')).toHaveLength(1)
})
