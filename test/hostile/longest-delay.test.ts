import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { longestDelayOf, maxRatio, timeOf } from './loop-delay.ts'
import { startSession } from './session.ts'
import { createWrongBodies, sendWrong } from './wrong-bodies.ts'

const rounds = 5

/** Bodies whose JSON takes long enough to be a measure. */
const bodies = createWrongBodies().filter(
  ({ body }) => typeof body === 'string' && body.length > 900_000,
)

test('each of the bodies is refused in a few times as long as its JSON takes', async () => {
  await using session = await startSession()
  const ratios: [string, number][] = []
  for (const body of bodies) {
    const times: number[] = []
    const delays: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      times.push(timeOf(() => JSON.parse(String(body.body))))
      delays.push(await longestDelayOf(() => sendWrong(session.server.url, body, session)))
    }
    // Whatever else the machine does only adds to either.
    ratios.push([body.name, Math.min(...delays) / Math.min(...times)])
  }
  expect(ratios.length).toBeGreaterThan(10)
  expect(ratios.filter(([, ratio]) => ratio > maxRatio)).toEqual([])
})

interface StoredBounds {
  readonly digest: string
  readonly rows: readonly {
    readonly name: string
    readonly longestMs: number
    readonly boundMs: number
  }[]
}

test('the stored measurement has each body, accounts and pipelining, none of them beyond its bound', () => {
  const file = new URL('./results/bounds.json', import.meta.url)
  const { digest, rows } = JSON.parse(readFileSync(file, 'utf8')) as StoredBounds
  expect(digest).toMatch(/^[\da-f]{64}$/)
  expect(rows.map(({ name }) => name)).toEqual([
    'nothing: what the machine does by itself',
    ...createWrongBodies().map(({ name }) => name),
    'GET /metrics of 100000 accounts',
    'POST /reset of 100000 accounts',
    '200000 pipelined calls on a connection that closes',
  ])
  expect(new Set(rows.map(({ boundMs }) => boundMs))).toEqual(new Set([250, 2000]))
  expect(rows.filter(({ longestMs, boundMs }) => !(longestMs <= boundMs))).toEqual([])
})
