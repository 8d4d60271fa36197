import { expect, test } from 'vitest'
import { createDataFolder } from '../durability/data-folder.ts'
import { runWebhookKillRounds } from '../durability/webhook-kill-rounds.ts'

const rounds = 2

test('a killed mock delivers every acknowledged text at least once after a restart, in order', async () => {
  const folder = await createDataFolder()
  const report = await runWebhookKillRounds({ folder, rounds, seed: 11 })
  expect(report.problems).toEqual([])
  expect(report.rounds).toBe(rounds)
  expect(report.acknowledged).toBeGreaterThan(rounds * 10)
}, 120_000)
