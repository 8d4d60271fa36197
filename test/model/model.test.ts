import { parseArgs } from 'node:util'
import { expect, test } from 'vitest'
import { checkModel } from './check-model.ts'
import { accountId, type Meddle, type Received, startSystem } from './system.ts'

const seed = 20261103

test('1,000 random steps of consumers, agents, clock, faults and restarts go as the oracle says', async () => {
  const result = await checkModel({ steps: 1000, seed })
  expect(result.ok || `${result.report}\nReplay: ${result.replay}`).toBe(true)
  expect(result.steps).toBeGreaterThanOrEqual(1000)
}, 60_000)

const replacing =
  (text: string, by: string): Meddle =>
  received =>
    received.isLost ? received : toReceived(received.status, received.text.replaceAll(text, by))

const toReceived = (status: number, text: string): Received => ({
  isLost: false,
  status,
  text,
  json: text === '' ? undefined : JSON.parse(text),
})

const withStatus =
  (from: number, status: number): Meddle =>
  received =>
    !received.isLost && received.status === from ? { ...received, status } : received

test.each<[string, Meddle]>([
  ['skips a number', replacing('"sequence":2', '"sequence":3')],
  ['numbers a chat state', replacing('"sequence":0', '"sequence":1')],
  ['calls a closed dialog a closed conversation', replacing('40055', '40054')],
  ['calls a foreign conversation unknown', replacing('40103', '40451')],
  ['lets a second conversation be', replacing('40057', '40054')],
  ['repeats an id as a number', replacing('"reqId":"3"', '"reqId":3')],
  ['takes a file after its time', withStatus(401, 201)],
  ['runs its clock too fast', replacing('"frozen":false', '"frozen":true')],
])(
  'a mock that %s is found out',
  async (_, meddle) => {
    const result = await checkModel({ steps: 2000, seed, meddle, isShortened: false })
    expect(result.ok).toBe(false)
  },
  60_000,
)

test.each(['stop', 'crash'] as const)(
  'after a %s another mock goes on with what the first one kept',
  async way => {
    await using system = await startSystem({}, { isKept: true })
    const { server } = system
    await server.account(accountId).conversations.open('zoe', 'kept')
    await system.restart(way)
    expect(system.server).not.toBe(server)
    await expect(fetch(`${server.url}/__sendbox/health`)).rejects.toThrow('fetch failed')
    expect(await system.server.account(accountId).conversations.list()).toMatchObject([
      { conversationId: 'kept' },
    ])
  },
)

/** The flags of a line that a failure printed. */
function parseReplay(line: string) {
  const words = line.split(' ').map(word => word.replace(/^"(.*)"$/, '$1'))
  const { values } = parseArgs({
    args: words.slice(words.indexOf('model') + 1),
    options: {
      seed: { type: 'string' },
      path: { type: 'string' },
      'replay-path': { type: 'string' },
    },
  })
  return { seed: Number(values.seed), path: values.path, replayPath: values['replay-path'] }
}

test('the line that a failure prints repeats it alone, in its shortest form', async () => {
  const meddle = replacing('"sequence":2', '"sequence":3')
  const found = await checkModel({ steps: 100, seed, meddle })
  if (found.ok) throw new Error('Nothing was found')
  expect(found.replay).toMatch(
    /^pnpm --filter @sendbox\/test run model --seed -?\d+ --path "[\d:]+" --replay-path "[\w+/:]+"$/,
  )
  const replay = parseReplay(found.replay)
  const again = await checkModel({ steps: 1, ...replay, meddle })
  expect(again).toMatchObject({ ok: false, report: found.report })
  expect(again.steps).toBeLessThan(found.steps)
  expect(again.steps).toBeLessThan(10)
  expect(await checkModel({ steps: 1, ...replay })).toMatchObject({ ok: true })
}, 60_000)
