import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { CommitQueue } from '../../../src/persistence/commit-queue.ts'
import type { DataChange } from '../../../src/persistence/database.ts'

const changeOf = (value: string): DataChange => ({ key: ['document', value], value })

/** A queue whose writes end as a test says, and what became of all that was asked. */
function createWorld() {
  const commits: { values: unknown[]; end: (error?: Error) => void }[] = []
  const told: string[] = []
  const rollBacks: string[] = []
  const waiting: (() => void)[] = []
  const queue = new CommitQueue({
    commit: changes =>
      new Promise((resolve, reject) => {
        const end = (error?: Error) => (error ? reject(error) : resolve())
        commits.push({ values: changes.map(({ value }) => value), end })
        waiting.shift()?.()
      }),
    prepareRollBack: async error => {
      await setImmediate()
      return () => {
        rollBacks.push(String(error))
        return new Error(`not kept: ${String(error)}`)
      }
    },
  })
  const write = (value: string) =>
    queue.write([changeOf(value)]).then(
      () => told.push(value),
      (error: Error) => told.push(`${value}: ${error.message}`),
    )
  /** Resolves with the next write that begins. */
  const nextCommit = async () => {
    if (commits.length === 0) await new Promise<void>(resolve => waiting.push(resolve))
    const commit = commits.shift()
    if (commit === undefined) throw new Error('Nothing is written')
    return commit
  }
  return { queue, commits, told, rollBacks, write, nextCommit }
}

test('writes of one moment are one batch, and what comes meanwhile is the next one', async () => {
  const { commits, told, write, nextCommit } = createWorld()
  const early = [write('a'), write('b')]
  const first = await nextCommit()
  const late = [write('c'), write('d')]
  await setImmediate()
  await setImmediate()
  expect([first.values, commits, told]).toEqual([['a', 'b'], [], []])
  first.end()
  await Promise.all(early)
  const second = await nextCommit()
  expect([second.values, told]).toEqual([
    ['c', 'd'],
    ['a', 'b'],
  ])
  second.end()
  await Promise.all(late)
  expect(told).toEqual(['a', 'b', 'c', 'd'])
})

test('a write that fails takes what waits behind it with it, and the queue goes on', async () => {
  const { told, rollBacks, write, nextCommit } = createWorld()
  const early = write('a')
  const first = await nextCommit()
  const late = write('b')
  first.end(new Error('full'))
  await Promise.resolve()
  const later = write('while the roll back is prepared')
  await Promise.all([early, late, later])
  expect(told).toEqual([
    'a: not kept: Error: full',
    'b: not kept: Error: full',
    'while the roll back is prepared: not kept: Error: full',
  ])
  expect(rollBacks).toEqual(['Error: full'])
  const again = write('c')
  const second = await nextCommit()
  expect(second.values).toEqual(['c'])
  second.end()
  await again
  expect(told.at(-1)).toBe('c')
})

test('nothing is pending once what was asked before is written', async () => {
  const { queue, told, write, nextCommit } = createWorld()
  expect(queue.pending()).toBeUndefined()
  const written = write('a')
  const settled = queue.pending()?.then(() => told.push('settled'))
  const commit = await nextCommit()
  expect(told).toEqual([])
  commit.end()
  await Promise.all([written, settled])
  expect(told).toEqual(['a', 'settled'])
})
