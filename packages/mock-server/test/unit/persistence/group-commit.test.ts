import { expect, test } from 'vitest'
import type { DataChange } from '../../../src/persistence/database.ts'
import { GroupCommit } from '../../../src/persistence/group-commit.ts'

const changeOf = (value: string): DataChange => ({ key: ['document', 0, value], value })

/** A queue whose writes end as a test says, and what became of all that was asked. */
function createWorld() {
  const commits: { values: unknown[]; end: (error?: Error) => void }[] = []
  const told: string[] = []
  const failed: string[][] = []
  const waiting: (() => void)[] = []
  const queue = new GroupCommit({
    commit: changes =>
      new Promise((resolve, reject) => {
        const end = (error?: Error) => (error ? reject(error) : resolve())
        commits.push({ values: changes.map(({ value }) => value), end })
        waiting.shift()?.()
      }),
    fail: (error, accountIds) => {
      failed.push([...accountIds])
      return new Error(`not kept: ${String(error)}`)
    },
  })
  const write = (value: string, accountId = 'one') =>
    queue.write(accountId, [changeOf(value)]).then(
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
  return { queue, told, failed, write, nextCommit }
}

test('writes of one moment are one batch, and what comes meanwhile is the next one', async () => {
  const { told, write, nextCommit } = createWorld()
  const early = [write('a'), write('b')]
  const first = await nextCommit()
  const late = [write('c'), write('d')]
  expect([first.values, told]).toEqual([['a', 'b'], []])
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
  const { told, failed, write, nextCommit } = createWorld()
  const early = write('a')
  const first = await nextCommit()
  const late = write('b', 'two')
  first.end(new Error('full'))
  await Promise.all([early, late])
  expect(told).toEqual(['a: not kept: Error: full', 'b: not kept: Error: full'])
  expect(failed).toEqual([['one', 'two']])
  const again = write('c')
  const second = await nextCommit()
  expect(second.values).toEqual(['c'])
  second.end()
  await again
  expect(told.at(-1)).toBe('c')
})

test('all is settled once what was asked before is written', async () => {
  const { queue, told, write, nextCommit } = createWorld()
  await queue.settled()
  const written = write('a')
  const settled = queue.settled().then(() => told.push('settled'))
  const commit = await nextCommit()
  expect(told).toEqual([])
  commit.end()
  await Promise.all([written, settled])
  expect(told).toEqual(['a', 'settled'])
})
