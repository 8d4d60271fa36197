import { rules } from '@sendbox/schema'
import { expect, expectTypeOf, test } from 'vitest'
import { allRows } from './all-rows.ts'
import { findRuleGaps, findSettingGaps, findStatusOnlyRows } from './gaps.ts'
import { answers, type Row } from './row.ts'
import { type MissingValue, settingValues } from './setting-values.ts'
import { startWorld } from './world.ts'

for (const row of allRows)
  test(`${row.rule}: ${row.sentence}`, async () => {
    expect.hasAssertions()
    await using world = await startWorld(row)
    for (const [request, ...expectations] of row.steps) {
      const answer = await request(world)
      for (const expectation of expectations) await expectation(answer, world)
    }
  })

/** Webhooks have tests of their own. */
const ruleIds = rules.map(({ id }) => id).filter(id => !id.startsWith('WH-'))

test('every rule of sections 1 to 5 has a row', () => {
  expect(ruleIds.length).toBeGreaterThan(100)
  expect(findRuleGaps(ruleIds, allRows)).toEqual([])
})

test('every row asserts more than statuses', () => {
  expect(findStatusOnlyRows(allRows)).toEqual([])
})

test('every value of every setting is used by a row', () => {
  expectTypeOf<MissingValue>().toBeNever()
  expect(findSettingGaps(settingValues, allRows)).toEqual([])
})

test('no two rows of a rule say the same', () => {
  const titles = allRows.map(({ rule, sentence }) => `${rule}: ${sentence}`)
  expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([])
})

test('a missing row, a row that asserts a status only, and an unused value are found', () => {
  expect(findRuleGaps(['SEQ-1', 'SEQ-2'], [{ rule: 'SEQ-1' }])).toEqual(['SEQ-2'])
  const request = () => Promise.reject(new Error('not called'))
  const row = (sentence: string, ...steps: Row['steps']) =>
    ({ rule: 'SEQ-1', sentence, steps }) as const
  expect(
    findStatusOnlyRows([
      row('says nothing', [request, answers(200)], [request, answers(404)]),
      row('says something', [request, answers(200)], [request, answers(200, {})]),
    ]),
  ).toEqual(['SEQ-1: says nothing'])
  const values = { survey: [false, true], 'limits.fileTypes': [['PNG'], ['GIF']], mode: ['strict'] }
  const rows = [
    { settings: { survey: true } },
    { settings: { limits: { fileTypes: ['PNG'] } } },
    {},
  ]
  expect(findSettingGaps(values, rows)).toEqual([
    'survey: false',
    'limits.fileTypes: ["GIF"]',
    'mode: "strict"',
  ])
})
