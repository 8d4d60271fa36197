import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { CallScope, systemTimers } from '../../../src/call/deadline.ts'
import { createSendQueues } from '../../../src/session/send-queues.ts'
import { createDeferred } from '../../create-deferred.ts'

const openScope = (signal?: AbortSignal): CallScope =>
  new CallScope({
    timeoutMs: Number.POSITIVE_INFINITY,
    signal,
    now: () => 0,
    timers: systemTimers,
  })

const toFullError = () => new Error('full')

/** Work that records its name when it starts, and settles by hand. */
const createWork = (started: string[], name: string) => {
  const { promise, resolve, reject } = createDeferred<string>()
  const work = () => {
    started.push(name)
    return promise
  }
  return { work, end: () => resolve(name), fail: () => reject(new Error(name)) }
}

test('work of one conversation runs one after another, that of others beside it', async () => {
  const queues = createSendQueues(10)
  const started: string[] = []
  const works = ['a1', 'a2', 'a3', 'b1'].map(name => createWork(started, name))
  const runs = works.map(({ work }, index) =>
    queues.run(index < 3 ? 'a' : 'b', { scope: openScope(), work, toFullError }),
  )
  await turn()
  expect(started).toEqual(['a1', 'b1'])

  works[0]?.fail()
  await expect(runs[0]).rejects.toThrow('a1')
  await turn()
  expect(started).toEqual(['a1', 'b1', 'a2'])

  for (const { end } of works) end()
  expect(await Promise.all(runs.slice(1))).toEqual(['a2', 'a3', 'b1'])
  await turn()
  expect(queues.size).toBe(0)
})

test('work that comes while the last of a lane ends takes its turn after it', async () => {
  const queues = createSendQueues(10)
  const order: string[] = []
  const run = (name: string) =>
    queues.run('a', {
      scope: openScope(),
      work: async () => {
        order.push(`${name} starts`)
        await turn()
        order.push(`${name} ends`)
      },
      toFullError,
    })

  await Promise.all([run('1'), run('2').then(() => run('4')), run('3').then(() => run('5'))])

  expect(order).toEqual(
    ['1', '2', '3', '4', '5'].flatMap(name => [`${name} starts`, `${name} ends`]),
  )
  await turn()
  expect(queues.size).toBe(0)
})

test('one that waits and leaves frees its place and runs never, while the first still runs', async () => {
  const queues = createSendQueues(1)
  const started: string[] = []
  const first = createWork(started, 'first')
  const leaver = createWork(started, 'leaver')
  const last = createWork(started, 'last')
  const leaving = new AbortController()
  const firstRun = queues.run('a', { scope: openScope(), work: first.work, toFullError })
  const leaverRun = queues.run('a', {
    scope: openScope(leaving.signal),
    work: leaver.work,
    toFullError,
  })
  await expect(
    queues.run('a', { scope: openScope(), work: last.work, toFullError }),
  ).rejects.toThrow('full')

  leaving.abort('no more')
  await expect(leaverRun).rejects.toMatchObject({ phase: 'abort', cause: 'no more' })
  const lastRun = queues.run('a', { scope: openScope(), work: last.work, toFullError })
  await turn()
  expect(started).toEqual(['first'])

  first.end()
  last.end()
  expect(await Promise.all([firstRun, lastRun])).toEqual(['first', 'last'])
  expect(started).toEqual(['first', 'last'])
  await turn()
  expect(queues.size).toBe(0)
})

test('a lane whose only waiting work left is gone with the first', async () => {
  const queues = createSendQueues(1)
  const first = createWork([], 'first')
  const leaving = new AbortController()
  const firstRun = queues.run('a', { scope: openScope(), work: first.work, toFullError })
  const scope = openScope(leaving.signal)
  const leaverRun = queues.run('a', { scope, work: async () => 'never', toFullError })
  leaving.abort()
  await expect(leaverRun).rejects.toMatchObject({ phase: 'abort' })
  expect(queues.size).toBe(1)

  first.end()
  await firstRun

  expect(queues.size).toBe(0)
})
