import { expect, test } from 'vitest'
import { RandomSource } from '../../../src/accounts/random-source.ts'
import { type CallFaults, type CallSubject, callFaults } from '../../../src/faults/call-fault.ts'
import { FaultRegistry } from '../../../src/faults/registry.ts'
import { Updates } from '../../../src/updates.ts'

const createFaults = (seed?: string) =>
  new FaultRegistry(callFaults, {
    accountId: '1',
    random: new RandomSource(seed),
    updates: new Updates(),
  })

const textCall: CallSubject = {
  operationId: 'send',
  types: ['ms.PublishEvent'],
  events: ['ContentEvent'],
  conversationId: 'c-1',
}

const reset = { reset: true } as const

/** The numbers of the calls on which a fault acts, counted from 1. */
const actingOn = (faults: CallFaults, calls: number, call = textCall): number[] =>
  Array.from({ length: calls }, (_, index) => (faults.select(call) ? index + 1 : 0)).filter(Boolean)

test('matches by operation, type, event and conversation, and by all of them that it names', () => {
  const matching = [
    {},
    { operation: 'send' },
    { type: 'ms.PublishEvent' },
    { event: 'ContentEvent' },
    { conversationId: 'c-1' },
    { operation: 'send', type: 'ms.PublishEvent', event: 'ContentEvent', conversationId: 'c-1' },
  ] as const
  const others = [
    { operation: 'conversation' },
    { type: 'cm.UpdateConversationField' },
    { event: 'ChatStateEvent' },
    { conversationId: 'c-2' },
    { operation: 'send', event: 'ChatStateEvent' },
  ] as const
  const acts = (match: (typeof matching | typeof others)[number]) => {
    const faults = createFaults()
    faults.add({ match, action: reset })
    return faults.select(textCall)?.faultId
  }
  expect(matching.map(acts)).toEqual(matching.map(() => 'fault-1'))
  expect(others.map(acts)).toEqual(others.map(() => undefined))
})

test('acts always, so many times, or on one call only, and shows what remains', () => {
  const faults = createFaults()
  const counts = () =>
    faults.list().map(({ matched, acted, remaining }) => [matched, acted, remaining])
  faults.add({ action: reset })
  expect([actingOn(faults, 3), counts()]).toEqual([[1, 2, 3], [[3, 3, null]]])
  faults.clear()
  faults.add({ action: reset, times: 2 })
  expect(counts()).toEqual([[0, 0, 2]])
  expect([actingOn(faults, 3), counts()]).toEqual([[1, 2], [[3, 2, 0]]])
  faults.clear()
  faults.add({ match: { nth: 2 }, action: reset })
  expect(counts()).toEqual([[0, 0, 1]])
  expect([actingOn(faults, 1), counts()]).toEqual([[], [[1, 0, 1]]])
  expect([actingOn(faults, 3), counts()]).toEqual([[1], [[4, 1, 0]]])
})

test('lets the oldest fault act that is due, while all count', () => {
  const faults = createFaults()
  faults.add({ action: reset, times: 1 })
  faults.add({ match: { nth: 1 }, action: reset })
  faults.add({ match: { event: 'ChatStateEvent' }, action: reset })
  faults.add({ match: { nth: 3 }, action: { hang: true } })
  faults.add({ action: { status: 500 } })
  const ids = Array.from({ length: 4 }, () => faults.select(textCall)?.faultId)
  expect(ids).toEqual(['fault-1', 'fault-5', 'fault-4', 'fault-5'])
  const counts = faults.list().map(({ matched, acted, remaining }) => [matched, acted, remaining])
  expect(counts).toEqual([
    [4, 1, 0],
    [4, 0, 0],
    [0, 0, null],
    [4, 1, 0],
    [4, 2, null],
  ])
})

test('acts with its probability: on the same calls for the same seed, whatever other faults there are', () => {
  const first = createFaults('seed')
  first.add({ action: reset, probability: 0.3 })
  const calls = actingOn(first, 20)
  expect(calls).toEqual([2, 4, 8, 12, 13, 18, 20])
  first.reset()
  first.add({ action: reset, probability: 0.3 })
  expect(actingOn(first, 20)).toEqual(calls)

  const second = createFaults('seed')
  second.add({ action: reset, probability: 0.3 })
  second.add({ action: { delayMs: { uniform: [0, 9] } }, probability: 0.5 })
  const ids = Array.from({ length: 20 }, () => second.select(textCall)?.faultId)
  expect(ids.flatMap((id, index) => (id === 'fault-1' ? [index + 1] : []))).toEqual(calls)

  const late = createFaults('seed')
  late.add({ action: { delayMs: { uniform: [0, 9] } }, probability: 0.3 })
  expect(actingOn(late, 20)).toEqual(calls)

  const other = createFaults('other')
  other.add({ action: reset, probability: 0.3 })
  expect(actingOn(other, 20)).not.toEqual(calls)
})

test('acts on about its share of a thousand calls, never with 0 and always with 1', () => {
  const share = (probability: number, seed?: string) => {
    const faults = createFaults(seed)
    faults.add({ action: reset, probability })
    return actingOn(faults, 1000).length
  }
  expect([0, 0.1, 0.5, 1].map(probability => share(probability, 'seed'))).toEqual([
    0, 87, 509, 1000,
  ])
  expect([share(0), share(1)]).toEqual([0, 1000])
})

test('draws a delay out of its range, from least to most, the same ones for the same seed', () => {
  const draw = () => {
    const faults = createFaults('seed')
    faults.add({ action: { delayMs: { uniform: [5, 7] } } })
    return Array.from({ length: 30 }, () => faults.select(textCall)?.delayMs ?? -1)
  }
  const delays = draw()
  expect(new Set(delays)).toEqual(new Set([5, 6, 7]))
  expect(delays.slice(0, 12)).toEqual([5, 5, 6, 6, 5, 6, 7, 5, 5, 6, 7, 7])
  expect(draw()).toEqual(delays)
  const fixed = createFaults()
  fixed.add({ action: { delayMs: 40 } })
  fixed.add({ match: { operation: 'upload' }, action: reset })
  expect(fixed.select(textCall)?.delayMs).toBe(40)
  expect(
    fixed.select({ operationId: 'upload', types: [], events: [], conversationId: undefined })
      ?.delayMs,
  ).toBe(40)
})

test('leaves the ids of the account as they are', () => {
  const plain = new RandomSource('seed')
  const random = new RandomSource('seed')
  const faults = new FaultRegistry(callFaults, { accountId: '1', random, updates: new Updates() })
  faults.add({ action: { delayMs: { uniform: [0, 9] } }, probability: 0.5 })
  actingOn(faults, 10)
  expect([random.uuid('1'), random.dialogId('1')]).toEqual([plain.uuid('1'), plain.dialogId('1')])
})

test('gives ids in order, never one twice until it is reset, and removes by them', () => {
  const faults = createFaults()
  const added = faults.add({ action: reset })
  expect(added).toEqual({
    faultId: 'fault-1',
    match: {},
    action: { reset: true },
    matched: 0,
    acted: 0,
    remaining: null,
  })
  faults.add({ match: { nth: 2 }, action: { hang: true }, times: 1 })
  expect(faults.get('fault-2')).toEqual({
    faultId: 'fault-2',
    match: { nth: 2 },
    action: { hang: true },
    times: 1,
    matched: 0,
    acted: 0,
    remaining: 1,
  })
  expect([faults.remove('fault-1'), faults.remove('fault-1')]).toEqual([true, false])
  expect(faults.list().map(({ faultId }) => faultId)).toEqual(['fault-2'])
  faults.clear()
  expect([faults.isEmpty, faults.get('fault-2')]).toEqual([true, undefined])
  expect(faults.add({ action: reset }).faultId).toBe('fault-3')
  faults.reset()
  expect([faults.list(), faults.add({ action: reset }).faultId]).toEqual([[], 'fault-1'])
})

test('keeps a fault as it was added, whatever becomes of the object', () => {
  const faults = createFaults()
  const fault = { match: {}, action: { status: 500, body: { list: [1] } } }
  const view = faults.add(fault)
  fault.action.body.list.push(2)
  view.action.headers = { changed: 'yes' }
  expect(faults.list()[0]?.action).toEqual({ status: 500, body: { list: [1] } })
})
