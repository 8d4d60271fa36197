import { expect, test } from 'vitest'
import { AccountClock } from '../../../src/accounts/account-clock.ts'
import { AppInstalls, unredact } from '../../../src/accounts/app-installs.ts'
import { RandomSource } from '../../../src/accounts/random-source.ts'
import { FileStore } from '../../../src/files/file-store.ts'
import { MemoryStateStore } from '../../../src/store/memory-state-store.ts'

const type = 'ms.MessagingEventNotification.ContentEvent'

const webhooksWith = (header_value: string) => ({
  webhooks: {
    [type]: { endpoint: 'https://a.test/hook', headers: [{ header_name: 'key', header_value }] },
  },
})

test('a clock goes on from what it was set to, relative to the wall time', () => {
  const clock = new AccountClock(() => 1000)
  void clock.advance(50)
  const running = clock.snapshot()
  clock.freeze()
  const frozen = clock.snapshot()
  expect([running, frozen]).toEqual([
    { offsetMs: 50, frozenAt: null },
    { offsetMs: 50, frozenAt: 1050 },
  ])
  const other = new AccountClock(() => 2000)
  other.restore(frozen)
  expect([other.now(), other.frozen]).toEqual([1050, true])
  other.restore(running)
  expect([other.now(), other.frozen]).toEqual([2050, false])
})

test('a clock forgets its tasks when it is restored', async () => {
  const clock = new AccountClock(() => 0)
  clock.freeze()
  const ran: number[] = []
  clock.schedule(5, 'a task', () => {
    ran.push(5)
  })
  clock.restore({ offsetMs: 0, frozenAt: 0 })
  await clock.advance(10)
  expect(ran).toEqual([])
})

test('ids go on from where the sequence stood, also in a mock without a seed', () => {
  const random = new RandomSource('seed')
  random.uuid('1')
  const state = random.snapshot('1')
  expect(state.random).toHaveLength(4)
  const next = [random.uuid('1'), random.dialogId('1')]
  for (const other of [new RandomSource('another seed'), new RandomSource()]) {
    other.restore('1', state)
    expect([other.uuid('1'), other.dialogId('1')]).toEqual(next)
  }
  expect(new RandomSource().snapshot('1')).toEqual({})
  expect(new RandomSource('seed').snapshot('1')).not.toEqual(state)
})

test('files are restored in their order, in place of those that were there', () => {
  const files = new FileStore()
  files.save('1', 'b', new Uint8Array([0, 255]))
  files.save('1', 'a', new Uint8Array())
  const snapshot = files.snapshot('1')
  expect(snapshot).toEqual({
    files: [
      { relativePath: 'b', base64: 'AP8=' },
      { relativePath: 'a', base64: '' },
    ],
  })
  files.reset('1')
  files.save('1', 'c', new Uint8Array([1]))
  files.restore('1', snapshot)
  expect(files.snapshot('1')).toEqual(snapshot)
  expect([...(files.load('1', 'b') ?? [])]).toEqual([0, 255])
})

test('an install is restored with the secrets that it has here, and shows none', () => {
  const installs = new AppInstalls({ 1: { installs: [{ clientId: 'a', clientSecret: 'hush-a' }] } })
  expect(installs.snapshot('1')).toEqual({})
  const replaced = installs.replace('1', { capabilities: webhooksWith('hush-header') })
  const snapshot = installs.snapshot('1')
  expect(JSON.stringify(snapshot)).not.toMatch(/hush/)
  installs.replace('1', { capabilities: webhooksWith('newer-header') })
  installs.restore('1', snapshot)
  expect(installs.of('1')).toEqual({ ...replaced, capabilities: webhooksWith('newer-header') })

  installs.replace('1', { clientId: 'b', clientSecret: 'hush-b' })
  installs.restore('1', snapshot)
  expect(installs.of('1')).toEqual({ ...replaced, capabilities: webhooksWith('<redacted>') })
  installs.restore('1', { install: { clientId: 'c' } })
  expect(installs.of('1')).toMatchObject({ clientId: 'c', clientSecret: 'sendbox-secret' })
  installs.restore('1', {})
  expect(installs.of('1')).toMatchObject({ clientId: 'a', clientSecret: 'hush-a' })
})

test('puts back only what looks the same without its secrets', () => {
  const known = { a: [{ token: 'hush', name: 'x' }], b: { c: ['eyJhbGciOiJIUzI1NiJ9.e30.hush'] } }
  const shown = { a: [{ token: '<redacted>', name: 'y' }], b: { c: ['<redacted>'], d: 1 } }
  expect(unredact(shown, known)).toEqual({
    a: [{ token: 'hush', name: 'y' }],
    b: { c: ['eyJhbGciOiJIUzI1NiJ9.e30.hush'], d: 1 },
  })
  expect(unredact('<redacted>', undefined)).toBe('<redacted>')
})

const stateOf = (conversationId: string, consumerId: string) => ({
  conversationId,
  consumerId,
  participants: [],
  stage: 'OPEN' as const,
  skillId: '-1',
  ttr: { ttrType: 'NORMAL', value: 1 },
  features: [],
  hasMessage: false,
  startTs: 0,
  metaDataLastUpdateTs: 0,
  dialogs: [
    {
      dialogId: `${conversationId}-dialog`,
      dialogType: 'MAIN' as const,
      state: 'OPEN' as const,
      participants: [],
      creationTs: 0,
      metaDataLastUpdateTs: 0,
      nextSequence: 3,
      chatStates: [],
    },
  ],
})

const entryOf = (sequence: number) => ({
  sequence,
  originatorId: 'me',
  role: 'CONSUMER' as const,
  serverTimestamp: 0,
  event: { type: 'ContentEvent', contentType: 'text/plain', message: 'hi' } as const,
})

const snapshotOf = (...ids: string[]) => ({
  conversations: ids.map(id => ({
    state: stateOf(id, 'me'),
    transcripts: { [`${id}-dialog`]: [0, 1, 2].map(entryOf) },
    chatStateHistories: {},
    dropped: 4,
  })),
  profiles: { me: { firstName: 'Zoe' } },
})

test('a store gives back what it restored, and nothing of what it had', async () => {
  const store = new MemoryStateStore()
  await store.restore('1', snapshotOf('x'))
  await store.restore('1', snapshotOf('a', 'b'))
  expect(await store.snapshot('1')).toEqual(snapshotOf('a', 'b'))
  expect(await store.snapshot('2')).toEqual({ conversations: [], profiles: {} })
  const ids = ['x-dialog', 'b-dialog'].map(id => store.findConversationId('1', id))
  expect(ids).toEqual([undefined, 'b'])
  const open: (readonly string[])[] = []
  const nothing = { events: [], deliveries: [] }
  const step = (openIds: readonly string[]) => {
    open.push(openIds)
    return { state: undefined, reply: { ok: true as const, body: {}, rules: [] }, ...nothing }
  }
  const key = { accountId: '1', conversationId: 'c', consumerId: 'me' }
  await store.open(key, step)
  await store.remove({ accountId: '1', conversationId: 'a' })
  await store.open(key, step)
  expect(open).toEqual([['a', 'b'], ['b']])
  expect(store.findConversationId('1', 'a-dialog')).toBeUndefined()
  expect(await store.accountIds()).toEqual(['1'])
  await store.reset('1')
  expect(await store.accountIds()).toEqual([])
})

test('a store that keeps fewer entries drops the oldest of what it restores', async () => {
  const store = new MemoryStateStore(2)
  await store.restore('1', snapshotOf('a'))
  const record = await store.load({ accountId: '1', conversationId: 'a' })
  expect([
    record?.transcripts.get('a-dialog')?.map(({ sequence }) => sequence),
    record?.dropped,
  ]).toEqual([[1, 2], 5])
})

test('a snapshot does not change with the store', async () => {
  const store = new MemoryStateStore()
  await store.restore('1', snapshotOf('a'))
  const snapshot = await store.snapshot('1')
  await store.transact({ accountId: '1', conversationId: 'a' }, state => ({
    state,
    reply: { ok: true, body: {}, rules: [] },
    events: [{ type: 'counted', dialogId: 'a-dialog', entry: entryOf(3) }],
    deliveries: [],
  }))
  expect(snapshot).toEqual(snapshotOf('a'))
  await store.restore('1', snapshot)
  expect(await store.snapshot('1')).toEqual(snapshotOf('a'))
})
