import { startMockServer } from '@sendbox/mock-server'
import { expect, test } from 'vitest'
import { runEventLoad } from './run-load.ts'

test('ten readers beside calls, and one that does not read: each gets every event once and in order, none is dropped', async () => {
  await using server = await startMockServer()
  const calls = 4000
  const { readers } = await runEventLoad({ url: server.url, readers: 10, calls, rate: 2000 })
  expect(readers).toEqual(
    Array.from({ length: 10 }, () => ({ received: calls, misplaced: 0, isDropped: false })),
  )
})
