import { answerMutants } from './answer-mutants.ts'
import { behaviourMutants } from './behaviour-mutants.ts'
import type { Mutant } from './mutant.ts'
import { tokenMutants } from './token-mutants.ts'

/** Every way in which the contracts must notice that a service is wrong. */
export const mutants: readonly Mutant[] = [...answerMutants, ...behaviourMutants, ...tokenMutants]
