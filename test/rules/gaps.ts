import { isDeepStrictEqual } from 'node:util'
import type { Row } from './row.ts'

/** The rules without a row. */
export function findRuleGaps(
  ruleIds: readonly string[],
  rows: readonly Pick<Row, 'rule'>[],
): string[] {
  const covered = new Set<string>(rows.map(({ rule }) => rule))
  return ruleIds.filter(id => !covered.has(id))
}

/** The rows that assert statuses alone, which shows no effect of their rule. */
export const findStatusOnlyRows = (
  rows: readonly Pick<Row, 'rule' | 'sentence' | 'steps'>[],
): string[] =>
  rows
    .filter(({ steps }) =>
      steps.every(([, ...expectations]) => expectations.every(({ isStatusOnly }) => isStatusOnly)),
    )
    .map(({ rule, sentence }) => `${rule}: ${sentence}`)

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
