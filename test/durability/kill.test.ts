import { expect, test } from 'vitest'
import { createDataFolder } from './data-folder.ts'
import { runKillRounds } from './run-kill-rounds.ts'
import { startMock } from './start-mock.ts'

const rounds = 3

test('a mock that is killed under load loses nothing that it answered, and makes nothing up', async () => {
  const folder = await createDataFolder()
  const report = await runKillRounds({ folder, rounds, seed: 6 })
  expect(report.problems).toEqual([])
  expect(report.rounds).toBe(rounds)
  expect(report.acknowledged).toBeGreaterThan(rounds * 10)
}, 120_000)

test('a folder is refused while another process has it, and free once that was killed', async () => {
  const folder = await createDataFolder()
  await using first = await startMock('--data', folder)
  await expect(startMock('--data', folder)).rejects.toThrow(
    `The data folder ${folder} is in use by process ${first.child.pid}: stop that mock, or choose another folder`,
  )
  await first.kill()
  await using second = await startMock('--data', folder)
  expect(await second.stop()).toBe(0)
}, 60_000)
