import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { CommandError } from '../cli/terminal.ts'
import type { VerificationResult } from '../verify/verify-result.ts'
import { toJunitReport } from './junit.ts'

/** The forms that a report may be written in. */
const reportForms = {
  json: (result: VerificationResult): string => `${JSON.stringify(result, null, 2)}\n`,
  junit: toJunitReport,
} as const

/** A report that is asked for, and where it goes. */
export interface ReportOrder {
  readonly form: keyof typeof reportForms
  readonly path: string
}

/** Reads `junit=reports/contracts.xml`; throws a `CommandError` that says what a report is. */
export function parseReportOrder(text: string): ReportOrder {
  const [form = '', ...rest] = text.split('=')
  const path = rest.join('=')
  if (!Object.hasOwn(reportForms, form) || path === '')
    throw new CommandError(
      `--report "${text}" is none. Write --report json=<file> or --report junit=<file>`,
      2,
    )
  return { form: form as ReportOrder['form'], path }
}

/** Writes a file, and the folders that it needs. */
export async function writeTextFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

/** Makes the folders of the reports, so that a run is not made for a report that cannot be written. */
export async function prepareReports(
  orders: readonly ReportOrder[],
  folder: string,
): Promise<void> {
  for (const { form, path } of orders)
    await mkdir(dirname(resolve(folder, path)), { recursive: true }).catch((error: Error) => {
      throw new CommandError(`--report ${form}=${path} cannot be written: ${error.message}`, 2)
    })
}

/** Writes each report that is asked for; paths are relative to a folder. */
export async function writeReports(
  result: VerificationResult,
  orders: readonly ReportOrder[],
  folder: string,
): Promise<void> {
  for (const { form, path } of orders)
    await writeTextFile(resolve(folder, path), reportForms[form](result))
}
