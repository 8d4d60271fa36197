// Makes each mistake of the packages' test/mutants.json in a copy of this checkout, and runs the package's own tests on it.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { copyCheckout } from '../copy-checkout.ts'
import {
  describeMutant,
  digestOf,
  type Mutant,
  type MutantResult,
  minNoticed,
  mutantFolders,
  mutate,
  readMutants,
  readResults,
  resultsFile,
} from './mutant-table.ts'
import { runOwnTests } from './run-tests.ts'

const help = `Runs the hand-written mutants, and stores which test noticed each.

  pnpm run mutants [--only FOLDER] [--all]

  --only FOLDER  those of one package: packages/client
  --all          also those whose result is stored for the same source

Ends with 1 if the tests notice fewer than ${minNoticed * 100} % of all mutants.
`

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    all: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** The stored results, by the descriptions of their mutants; those of another source are stale. */
type Results = ReadonlyMap<string, MutantResult>

const findFresh = (results: Results, mutant: Mutant): MutantResult | undefined => {
  const result = results.get(describeMutant(mutant))
  return result?.digest === digestOf(mutant) ? result : undefined
}

/** Runs the mutants in a copy, so that this checkout may change meanwhile. */
async function runMutants(
  pending: readonly Mutant[],
  results: Results,
  store: (result: MutantResult) => void,
) {
  using copy = copyCheckout()
  for (const folder of new Set(pending.map(mutant => mutant.folder))) {
    say(`${folder}: the tests without a mutant`)
    const notice = await runOwnTests(copy.folder, folder)
    if (notice !== undefined)
      throw new Error(`A test of ${folder} fails without a mutant: ${notice}`)
    for (const mutant of pending.filter(candidate => candidate.folder === folder)) {
      const path = join(copy.folder, folder, mutant.file)
      const { mutated, source } = mutate(mutant, copy.folder)
      const digest = digestOf(mutant, copy.folder)
      const description = describeMutant(mutant)
      const test = results.get(description)?.noticedBy
      writeFileSync(path, mutated)
      const noticedBy = (await runOwnTests(copy.folder, folder, { ...mutant, test })) ?? null
      writeFileSync(path, source)
      say(`${noticedBy === null ? 'SURVIVED' : 'noticed '} ${description}`)
      store({ mutant: description, digest, noticedBy })
    }
  }
}

function summarize(mutants: readonly Mutant[], results: Results): boolean {
  const resultOf = (mutant: Mutant) => findFresh(results, mutant)
  for (const folder of mutantFolders) {
    const own = mutants.filter(mutant => mutant.folder === folder)
    const noticed = own.filter(mutant => resultOf(mutant)?.noticedBy)
    say(`${folder.padEnd(22)} ${noticed.length} of ${own.length} noticed`)
    for (const mutant of own)
      if (!resultOf(mutant)?.noticedBy)
        say(`  ${resultOf(mutant) ? 'survived' : 'not run '} ${describeMutant(mutant)}`)
  }
  const noticed = mutants.filter(mutant => resultOf(mutant)?.noticedBy).length
  say(`${'all'.padEnd(22)} ${noticed} of ${mutants.length} noticed`)
  return noticed >= mutants.length * minNoticed
}

if (values.help) process.stdout.write(help)
else {
  const mutants = mutantFolders.flatMap(readMutants)
  for (const mutant of mutants) mutate(mutant)
  const results = new Map(readResults().map(result => [result.mutant, result]))
  const pending = mutants
    .filter(({ folder }) => values.only === undefined || values.only === folder)
    .filter(mutant => values.all || !findFresh(results, mutant))
  say(`${pending.length} of ${mutants.length} mutants to run`)
  if (pending.length > 0)
    await runMutants(pending, results, result => {
      results.set(result.mutant, result)
      const known = mutants.flatMap(mutant => results.get(describeMutant(mutant)) ?? [])
      writeFileSync(resultsFile, `${JSON.stringify(known, null, 2)}\n`)
    })
  process.exitCode = summarize(mutants, results) ? 0 : 1
}
