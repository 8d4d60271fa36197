import { closeMutants } from './close.ts'
import { errorMutants } from './error.ts'
import { lenientMutants } from './lenient.ts'
import { publishMutants } from './publish.ts'
import type { AnyMutant } from './run-mutants.ts'
import { serviceMutants } from './service.ts'
import { strictMutants } from './strict.ts'
import { successMutants } from './success.ts'
import { tokenMutants } from './token.ts'
import { tokenFormMutants } from './token-form.ts'
import { webhookMutants } from './webhook.ts'

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
