import { expect, test } from 'vitest'
import { runLoad } from './run-load.ts'

test('1,000 webhooks reach their receiver once and in order while sends go on, and only the newest are kept', async () => {
  const figures = await runLoad({ webhooks: 1000, conversations: 20, measureHeap: () => 0 })
  expect(figures).toMatchObject({
    received: 1000,
    misplaced: [],
    troubles: [],
    attempts: Array.from({ length: 500 }, () => '200'),
    dropped: 500,
  })
  expect(figures.sendsMs).toHaveLength(500)
})
