import { readFileSync } from 'node:fs'

/** One row of docs/limits.md. */
export interface Limit {
  readonly limit: string
  /** The numbers of its maximum, in order; KiB and MiB in bytes. */
  readonly numbers: readonly number[]
  readonly beyond: string
  /** The name of the setting that changes it; empty where none does. */
  readonly setting: string
}

/** Provokes one limit: just within the maximum, and just beyond. */
export type LimitCheck = (row: Limit) => Promise<void>

const factors: Readonly<Record<string, number>> = { KiB: 1024, MiB: 1_048_576 }

const toNumbers = (maximum: string): number[] =>
  [...maximum.matchAll(/(\d[\d,]*)(?: (KiB|MiB))?/g)].map(
    ([, digits = '', unit = '']) => Number(digits.replaceAll(',', '')) * (factors[unit] ?? 1),
  )

/** The rows of the table under a heading of docs/limits.md. */
export function readLimits(heading: string): Limit[] {
  const page = readFileSync(new URL('../../../docs/limits.md', import.meta.url), 'utf8')
  const section = page.split(/^#+ /m).find(part => part.startsWith(`${heading}\n`)) ?? ''
  const [, , ...rows] = section.split('\n').filter(line => line.startsWith('|'))
  if (rows.length === 0) throw new Error(`docs/limits.md has no table under ${heading}`)
  return rows.map(row => {
    const [, limit = '', maximum = '', beyond = '', setting = ''] = row
      .split('|')
      .map(cell => cell.trim())
    return { limit, numbers: toNumbers(maximum), beyond, setting: setting.replaceAll('`', '') }
  })
}
