import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface StoredLoad {
  readonly digest: string
  readonly callsHeld: number
  readonly callsPerSecond: number
  readonly seconds: number
  readonly tasksOver100Ms: number
  readonly firstPaintMedianMs: number
}

test('the stored measurement has 10,000 calls, 200 a second and no task over 100 ms; the page has its figures', () => {
  const file = new URL('./results/dashboard.json', import.meta.url)
  const stored = JSON.parse(readFileSync(file, 'utf8')) as StoredLoad
  expect(stored.digest).toMatch(/^[\da-f]{64}$/)
  expect(stored).toMatchObject({ callsHeld: 10_000, tasksOver100Ms: 0 })
  expect(stored.callsPerSecond).toBeGreaterThan(195)
  expect(stored.seconds).toBeGreaterThanOrEqual(20)
  const page = readFileSync(new URL('../../../docs/dashboard.md', import.meta.url), 'utf8')
  expect(page).toContain(`${stored.firstPaintMedianMs} ms`)
})
