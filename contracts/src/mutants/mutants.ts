import { closeMutants } from './close-mutants.ts'
import { errorMutants } from './error-mutants.ts'
import { lenientMutants } from './lenient-mutants.ts'
import type { Mutant } from './mutant.ts'
import { publishMutants } from './publish-mutants.ts'
import { serviceMutants } from './service-mutants.ts'
import { successMutants } from './success-mutants.ts'
import { tokenMutants } from './token-mutants.ts'

/** Every way in which the contracts must notice that a service is wrong. */
export const mutants: readonly Mutant[] = [
  ...successMutants,
  ...publishMutants,
  ...closeMutants,
  ...lenientMutants,
  ...errorMutants,
  ...serviceMutants,
  ...tokenMutants,
]
