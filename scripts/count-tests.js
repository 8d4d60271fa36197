// Prints `N passed, N failed` from the JSON reports of the test runners; fails where there is none or no test ran.
import { existsSync, readdirSync, readFileSync } from 'node:fs'

const folder = new URL('../reports/', import.meta.url)
const reports = existsSync(folder)
  ? readdirSync(folder)
      .filter(name => name.endsWith('.json'))
      .map(name => JSON.parse(readFileSync(new URL(name, folder), 'utf8')))
  : []
const sum = field => reports.reduce((total, report) => total + report[field], 0)
const passed = sum('numPassedTests')
// A file that fails before its first test counts as one failed test.
const brokenFiles = reports
  .flatMap(({ testResults }) => testResults)
  .filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0)
const failed = sum('numFailedTests') + brokenFiles.length
const skipped = sum('numPendingTests') + sum('numTodoTests')
process.stdout.write(
  `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}\n`,
)
process.exitCode = passed > 0 && failed === 0 ? 0 : 1
