import { resolve } from 'node:path'
import { toDriftPage } from '../../report/drift-page.ts'
import { toDriftReport } from '../../report/drift-report.ts'
import { readStoredResults } from '../../report/stored-results.ts'
import { writeTextFile } from '../../report/write.ts'
import { isGood } from '../../verify/verify-result.ts'
import type { Terminal } from '../terminal.ts'
import { CommandError } from '../terminal.ts'
import { type VerifyFlags, verifyAndStore } from './verify.ts'

/** The flags of `sendbox-contracts drift`. */
export interface DriftFlags extends Pick<VerifyFlags, 'yes' | 'results'> {
  readonly target?: string
  readonly out: string
}

/** Verifies where a target is named, then shows what stored results say of each rule; answers the exit code. */
export async function runDrift(flags: DriftFlags, terminal: Terminal): Promise<number> {
  const { target, out, results } = flags
  const { folder, stdout } = terminal
  const run =
    target === undefined ? undefined : await verifyAndStore({ ...flags, target }, terminal)
  const stored = await readStoredResults(resolve(folder, results)).catch((error: unknown) => {
    throw new CommandError(error instanceof Error ? error.message : String(error))
  })
  const report = toDriftReport(stored)
  const page = resolve(folder, out, 'drift.html')
  await writeTextFile(page, toDriftPage(report))
  await writeTextFile(resolve(folder, out, 'drift.json'), `${JSON.stringify(report, null, 2)}\n`)
  stdout.write(`Written: ${page} and drift.json beside it\n`)
  if (stored.mock === undefined)
    stdout.write(
      'The mock was not verified yet: run sendbox-contracts verify --target mock, then this again\n',
    )
  return run === undefined || isGood(run) ? 0 : 1
}
