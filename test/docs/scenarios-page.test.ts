import { readFile } from 'node:fs/promises'
import { type ScenarioInput, startMockServer } from '@sendbox/mock-server'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { fenceOf } from './fence-of.ts'

const readExample = async (): Promise<ScenarioInput> =>
  parse(await fenceOf('yaml', 'docs/scenarios.md')) as ScenarioInput

test('the example of docs/scenarios.md leads to the account that it describes', async () => {
  await using server = await startMockServer()
  const account = server.account()
  await account.loadScenario(await readExample())
  const [max, zoe] = await account.conversations.list()
  const now = Date.parse('2026-01-05T09:00:00Z')
  expect([account.clock.now(), account.clock.frozen]).toEqual([now, true])
  expect(zoe).toMatchObject({ consumer: 'zoe', openedAt: now - 65_000, skillId: '7' })
  expect(zoe?.dialogs[0]?.transcript.map(({ serverTimestamp }) => serverTimestamp - now)).toEqual([
    -65_000, -5000,
  ])
  expect(max).toMatchObject({ consumer: 'max', stage: 'CLOSE', closedAt: now - 3_000_000 })
  expect(account.faults.list()).toMatchObject([{ action: { status: 503 }, remaining: 1 }])
  expect(account.bot.current?.rules).toHaveLength(1)
})

test('the JSON Schema of scenarios takes the example, and refuses what the mock does', async () => {
  const file = new URL('../../packages/mock-server/scenario.schema.json', import.meta.url)
  const schema = JSON.parse(await readFile(file, 'utf8')) as object
  const isScenario = new Ajv({ validateFormats: false }).compile(schema)
  const example = await readExample()
  expect([isScenario(example), isScenario.errors]).toEqual([true, null])
  const events = [{ from: 'agent', action: 'raw', changes: [] }]
  for (const wrong of [
    { conversatons: [] },
    { clock: { now: true } },
    { conversations: [{ consumer: 'zoe', events }] },
    { conversations: [{ consumer: 'zoe', events: [{ from: 'max' }] }] },
  ])
    expect([wrong, isScenario(wrong)]).toEqual([wrong, false])
})
