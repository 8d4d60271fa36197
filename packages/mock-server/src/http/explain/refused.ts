import type { Services } from '../../services.ts'
import type { Call } from '../call.ts'
import type { Refusal } from '../response.ts'
import type { Explanation } from './explanation.ts'

/** A call that was refused, and by which error. */
export interface Refused {
  readonly refusal: Refusal
  readonly call: Call
  readonly services: Services
}

/** Looks for the reason of a refusal; it runs for refused calls only. */
export type Explain = (refused: Refused) => Explanation | Promise<Explanation>
