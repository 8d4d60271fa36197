import { expect, test } from 'vitest'
import { checkModel } from './check-model.ts'

test('10,000 random steps of consumers, agents, clock, faults and restarts go as the oracle says', async () => {
  const result = await checkModel({ steps: 10_000, seed: 20261129 })
  expect(result.ok || `${result.report}\nReplay: ${result.replay}`).toBe(true)
  expect(result.steps).toBeGreaterThanOrEqual(10_000)
}, 600_000)
