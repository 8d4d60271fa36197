import type { Answer } from './answer.ts'

/** How a call ended on the wire; all but `whole` are the work of a fault. */
export type Delivery = 'whole' | 'hang' | 'reset' | 'truncated' | 'malformed' | 'lost'

/** What became of a call. */
export interface Outcome {
  /** What the mock answered, or would have answered; absent where a fault acted before the model and gave none. */
  readonly answer?: Answer
  readonly delivery: Delivery
  /** The fault that acted. */
  readonly faultId?: string
}
