import { rules } from '@sendbox/schema'
import { expect, expectTypeOf, test } from 'vitest'
import { allRows } from './all-rows.ts'
import { findRuleGaps, findSettingGaps } from './gaps.ts'
import { notYet } from './not-yet.ts'
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

test('every rule of sections 1 to 5 has a row, or is listed with what the mock lacks', () => {
  expect(ruleIds.length).toBeGreaterThan(100)
  expect(findRuleGaps({ ruleIds, rows: allRows, notYet })).toEqual([])
})

test('every value of every setting is used by a row', () => {
  expectTypeOf<MissingValue>().toBeNever()
  expect(findSettingGaps(settingValues, allRows)).toEqual([])
})

test('no two rows of a rule say the same', () => {
  const titles = allRows.map(({ rule, sentence }) => `${rule}: ${sentence}`)
  expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([])
})

test('a missing row, a needless entry and an unused value are found', () => {
  const gaps = findRuleGaps({
    ruleIds: ['SEQ-1', 'SEQ-2', 'SEQ-3', 'SEQ-4'],
    rows: [{ rule: 'SEQ-1' }, { rule: 'SEQ-2' }],
    notYet: { 'SEQ-2': 'it has a row', 'SEQ-4': '', nothing: 'it is no rule' },
  })
  expect(gaps).toEqual([
    'SEQ-3 has no row, and no reason for that',
    'SEQ-2 is listed, but has a row',
    'nothing is listed, but is no rule',
    'SEQ-4 is listed without a reason',
  ])
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
