import { expect, test } from 'vitest'
import { runInLanes } from './kill-lanes.ts'
import { buildProgram } from './start-mock.ts'
import { runWebhookKillRounds } from './webhook-kill-rounds.ts'

const rounds = 100

test('over 100 kills every acknowledged text is delivered at least once, in order, and none before it is on disk', async () => {
  const program = await buildProgram()
  const report = await runInLanes(runWebhookKillRounds, { program, rounds, lanes: 4, seed: 7 })
  expect(report.problems).toEqual([])
  expect(report.rounds).toBe(rounds)
  expect(report.acknowledged).toBeGreaterThan(rounds * 10)
}, 1_800_000)
