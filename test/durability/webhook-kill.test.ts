import { expect, test } from 'vitest'
import { createDataFolder } from './data-folder.ts'
import { runWebhookKillRounds } from './webhook-kill-rounds.ts'

const rounds = 100

test('over 100 kills every acknowledged text is delivered at least once, in order, and none before it is on disk', async () => {
  const folder = await createDataFolder()
  const report = await runWebhookKillRounds({ folder, rounds, seed: 7 })
  expect(report.problems).toEqual([])
  expect(report.rounds).toBe(rounds)
  expect(report.acknowledged).toBeGreaterThan(rounds * 10)
}, 1_800_000)
