import { expect, test } from 'vitest'
import { findAccountPartLines } from '../../scripts/mutants/account-part-lines.ts'
import {
  describeMutant,
  minNoticed,
  mutantFolders,
  mutate,
  readMutants,
  readResults,
} from '../../scripts/mutants/mutant-table.ts'

const mutants = mutantFolders.flatMap(readMutants)

test('each mutant changes one place of its file, and no two have the same description', () => {
  for (const mutant of mutants) expect(() => mutate(mutant)).not.toThrow()
  expect(new Set(mutants.map(describeMutant)).size).toBe(mutants.length)
})

test('each package has twelve mutants or more, and the tests notice most of those that were run', () => {
  expect(mutantFolders.filter(folder => readMutants(folder).length < 12)).toEqual([])
  const results = readResults()
  expect(mutants.map(describeMutant)).toEqual(
    expect.arrayContaining(results.map(({ mutant }) => mutant)),
  )
  const noticed = results.filter(({ noticedBy }) => noticedBy !== null)
  expect(results.length).toBeGreaterThan(0)
  expect(noticed.length / results.length).toBeGreaterThanOrEqual(minNoticed)
})

test('a planted mutant whose text occurs never or twice, or that does not parse, is refused', () => {
  const planted = {
    folder: 'packages/schema',
    file: 'src/index.ts',
    find: 'export',
    replace: '',
    why: '',
  }
  expect(() => mutate(planted)).toThrow(/has "export" \d+ times, not once/)
  expect(() => mutate({ ...planted, file: 'src/none.ts' })).toThrow('does not exist')
})

test('the lines of account parts are found, those inside of a block too', () => {
  const lines = findAccountPartLines().map(({ file, text }) => `${file}: ${text}`)
  expect(lines).toEqual(
    expect.arrayContaining([
      "src/accounts/account-part.ts: 'rateLimit',",
      'src/app/create-app.ts: rateLimit: new RateLimit(),',
      'src/lifecycle/reset.ts: await services.flush?.()',
      'src/accounts/account-part.ts: this.values.delete(id)',
    ]),
  )
})
