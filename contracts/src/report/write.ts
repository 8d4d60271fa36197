import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { VerificationResult } from '../verify/verify-result.ts'
import { toJunitReport } from './junit.ts'

/** The formats of a report. */
export const reportFormats = {
  json: (result: VerificationResult): string => `${JSON.stringify(result, null, 2)}\n`,
  junit: toJunitReport,
} as const

/** The format of a report, and the path of its file. */
export interface ReportOutput {
  readonly format: keyof typeof reportFormats
  readonly path: string
}

/** Writes a file, and creates its folders. */
export async function writeTextFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

/** Writes reports; paths are relative to a folder. */
export async function writeReports(
  result: VerificationResult,
  outputs: readonly ReportOutput[],
  folder: string,
): Promise<void> {
  for (const { format, path } of outputs)
    await writeTextFile(resolve(folder, path), reportFormats[format](result))
}
