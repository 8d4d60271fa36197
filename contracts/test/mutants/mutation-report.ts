import type { MutantVerdict } from './run-mutants.ts'

/** The share of mutants that the contracts must notice. */
export const mutationFloor = 0.95

/** The share of mutants that were noticed, from 0 to 1. */
export const toMutationScore = (verdicts: readonly MutantVerdict[]): number =>
  verdicts.filter(({ killedBy }) => killedBy !== undefined).length / verdicts.length

const toRow = ({ mutant, rules, killedBy, failure }: MutantVerdict): string =>
  `| ${mutant} | ${rules.join(', ')} | ${killedBy ?? '**survived**'} | ${(failure?.split('\n')[0] ?? '').replaceAll('|', '\\|')} |`

/** The report as a Markdown page: which contract noticed each mutant, and where. */
export function toMutationReport(verdicts: readonly MutantVerdict[]): string {
  const killed = verdicts.filter(({ killedBy }) => killedBy !== undefined).length
  return [
    '# Mutants',
    '',
    'Each mutant is the mock with one thing wrong. The contracts must notice at least 95 % of them, or `npm test` fails.',
    'This page is written by the test that runs them.',
    '',
    `**${killed} of ${verdicts.length} were noticed.**`,
    '',
    '| a service that … | breaks | noticed by | at |',
    '| --- | --- | --- | --- |',
    ...verdicts.map(toRow),
    '',
  ].join('\n')
}
