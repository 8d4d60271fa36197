// Prints `N passed, N failed` from the JSON reports of the test runners; fails where there is none, where no test ran, and for a skip that is not known.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const read = path => JSON.parse(readFileSync(path, 'utf8'))

const folder = process.argv[2] ?? fileURLToPath(new URL('../reports', import.meta.url))
const reports = existsSync(folder)
  ? readdirSync(folder)
      .filter(name => name.endsWith('.json'))
      .map(name => read(join(folder, name)))
  : []
const files = reports.flatMap(({ testResults }) => testResults)
const sum = field => reports.reduce((total, report) => total + report[field], 0)
const passed = sum('numPassedTests')
// A file that fails before its first test counts as one failed test.
const brokenFiles = files.filter(
  ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
)
const failed = sum('numFailedTests') + brokenFiles.length
const skipped = sum('numPendingTests') + sum('numTodoTests')

// Each skip that is tolerated, and why: what is not on the list has to run, or to be added to it.
const known = read(fileURLToPath(new URL('known-skips.json', import.meta.url)))
const unknown = files
  .flatMap(({ assertionResults }) => assertionResults)
  .filter(({ status }) => status !== 'passed' && status !== 'failed')
  .map(({ fullName }) => fullName.trim())
  .filter(name => !known.some(({ title }) => name.includes(title)))
for (const name of unknown)
  process.stderr.write(`Skipped, and not in scripts/known-skips.json: ${name}\n`)
process.stdout.write(
  `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}\n`,
)
process.exitCode = passed > 0 && failed === 0 && unknown.length === 0 ? 0 : 1
