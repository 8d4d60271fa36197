import { expect, test } from 'vitest'
import { fuzz } from './fuzz.ts'

const seed = 20261103

test('6,000 hostile, damaged and good requests get the answers that they may get', async () => {
  const { runs, statuses, fault } = await fuzz({ seed, runs: 6000 })
  expect(fault ?? 'nothing').toBe('nothing')
  expect(runs).toBe(6000)
  expect(Object.keys(statuses)).toEqual(expect.arrayContaining(['200', '400', '401', '404', '415']))
}, 120_000)
