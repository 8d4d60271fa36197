import { isDeepStrictEqual } from 'node:util'
import type { Row } from './row.ts'

/** The rules that the rows must cover, and the rows. */
interface Claims {
  readonly ruleIds: readonly string[]
  readonly rows: readonly Pick<Row, 'rule'>[]
  /** Why a rule has no row yet. */
  readonly notYet: Readonly<Record<string, string>>
}

/** Names each rule without a row, and each entry of the list that should not be there. */
export function findRuleGaps({ ruleIds, rows, notYet }: Claims): string[] {
  const covered = new Set<string>(rows.map(({ rule }) => rule))
  const listed = Object.keys(notYet)
  return [
    ...ruleIds
      .filter(id => !covered.has(id) && !listed.includes(id))
      .map(id => `${id} has no row, and no reason for that`),
    ...listed.filter(id => covered.has(id)).map(id => `${id} is listed, but has a row`),
    ...listed.filter(id => !ruleIds.includes(id)).map(id => `${id} is listed, but is no rule`),
    ...listed.filter(id => !notYet[id]).map(id => `${id} is listed without a reason`),
  ]
}

const valueAt = (settings: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, name) => (value as Readonly<Record<string, unknown>> | undefined)?.[name],
      settings,
    )

/** Names each value of a setting that no row sets, as `survey: true`. */
export const findSettingGaps = (
  values: Readonly<Record<string, readonly unknown[]>>,
  rows: readonly Pick<Row, 'settings'>[],
): string[] =>
  Object.entries(values).flatMap(([path, expected]) =>
    expected
      .filter(
        value => !rows.some(({ settings }) => isDeepStrictEqual(valueAt(settings, path), value)),
      )
      .map(value => `${path}: ${JSON.stringify(value)}`),
  )
