import { closeMutants } from './close-mutants.ts'
import { errorMutants } from './error-mutants.ts'
import { lenientMutants } from './lenient-mutants.ts'
import { publishMutants } from './publish-mutants.ts'
import type { AnyMutant } from './run-mutants.ts'
import { serviceMutants } from './service-mutants.ts'
import { strictMutants } from './strict-mutants.ts'
import { successMutants } from './success-mutants.ts'
import { tokenFormMutants } from './token-form-mutants.ts'
import { tokenMutants } from './token-mutants.ts'
import { webhookMutants } from './webhook-mutants.ts'

/** Every way in which the contracts must notice that a service is wrong. */
export const mutants: readonly AnyMutant[] = [
  ...successMutants,
  ...publishMutants,
  ...closeMutants,
  ...lenientMutants,
  ...errorMutants,
  ...serviceMutants,
  ...tokenMutants,
  ...tokenFormMutants,
  ...strictMutants,
  ...webhookMutants,
]
