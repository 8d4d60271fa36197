import { resolve } from 'node:path'
import { toDriftPage } from '../../report/drift-page.ts'
import { toDriftReport } from '../../report/drift-report.ts'
import { readLiveRuns } from '../../report/stored-results.ts'
import { writeTextFile } from '../../report/write.ts'
import { isGood } from '../../verify/verify-result.ts'
import { orRefuse, type Terminal } from '../terminal.ts'
import { type VerifyFlags, verifyAndStore } from './verify.ts'

/** The flags of `sendbox-contracts drift`. */
export interface DriftFlags extends Pick<VerifyFlags, 'yes' | 'results' | 'allowPlainHttp'> {
  readonly target?: string
  readonly out: string
}

/** Verifies a target, if one is given, then writes the drift report from it and the live runs; returns the exit code. */
export async function runDrift(flags: DriftFlags, terminal: Terminal): Promise<number> {
  const { target, out, results } = flags
  const { folder, stdout } = terminal
  const run =
    target === undefined ? undefined : await verifyAndStore({ ...flags, target }, terminal)
  const live = await orRefuse(readLiveRuns(resolve(folder, results)))
  const report = toDriftReport({ ...(target === 'mock' && { mock: run }), live })
  const page = resolve(folder, out, 'drift.html')
  await writeTextFile(page, toDriftPage(report))
  await writeTextFile(resolve(folder, out, 'drift.json'), `${JSON.stringify(report, null, 2)}\n`)
  stdout.write(`Written: ${page} and drift.json beside it\n`)
  if (target !== 'mock') stdout.write('The mock was not verified; --target mock does it\n')
  return run === undefined || isGood(run) ? 0 : 1
}
