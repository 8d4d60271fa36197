import type { OperationId } from '@sendbox/schema'
import { isAppJwtRefusal } from '../errors/api-error.ts'
import { ClientError } from '../errors/client-error.ts'
import {
  type Attempt,
  callOperation,
  type Grant,
  type OperationCall,
  type SuccessOf,
  type Transport,
  toFailedCall,
} from './attempt.ts'
import { type CallScope, Interruption, toInterruptedError } from './deadline.ts'
import { type RetryHistory, toRetryDelayMs } from './retry.ts'

/** A call with what each of its attempts needs. */
export interface PerformableCall<Id extends OperationId, Given extends Grant>
  extends OperationCall<Id> {
  /** Gives host and tokens, at once where they are known. */
  readonly grant: () => Given | Promise<Given>
  /** Learns from a failure, so that the next attempt asks again for what may have changed. */
  readonly onFailure?: (error: ClientError, grant: Given) => void
}

/** How long to wait before the next attempt; `undefined` where there is none, or the call is over by then. */
function findWaitMs(
  transport: Transport,
  scope: CallScope,
  error: ClientError,
  history: RetryHistory,
): number | undefined {
  const waitMs = toRetryDelayMs(error, history, transport)
  const isOver = scope.interruption !== undefined
  return waitMs === undefined || isOver || transport.now() + waitMs >= scope.deadlineMs
    ? undefined
    : waitMs
}

/**
 * Makes a call, and repeats it as LivePerson advises: with a new AppJWT once where one was refused,
 * after 429, and after a 5xx or a lost answer where a repeat acts once. Rules: AUTH-6, RES-8.
 */
export async function performCall<Id extends OperationId, Given extends Grant>(
  transport: Transport,
  scope: CallScope,
  call: PerformableCall<Id, Given>,
): Promise<SuccessOf<Id>> {
  const watched = transport.observer.watch(call.operationId, call.type)
  watched?.tell('start', { attempt: 1 })
  let history: RetryHistory = { failures: 0, refusedAppJwts: 0 }
  let attempt: Attempt = { number: 1, sentAtMs: undefined, status: undefined }

  let lost: ClientError | undefined

  const giveUp = (found: unknown): unknown => {
    const isAware = found instanceof ClientError && found.outcomeUnknown
    // What failed before an attempt left knows nothing of an earlier one that may have acted.
    const error = isAware ? found : (lost ?? found)
    if (error instanceof ClientError) watched?.tell('error', { attempt: attempt.number, error })
    return error
  }

  for (;;) {
    let grant: Given | undefined
    try {
      const given = call.grant()
      grant = given instanceof Promise ? await scope.waitFor(given) : given
      const answer = await callOperation(transport, scope, call, { grant, attempt })
      watched?.tell('end', { attempt: attempt.number, status: attempt.status })
      return answer
    } catch (cause) {
      const error =
        cause instanceof Interruption
          ? toInterruptedError(toFailedCall(call, attempt), cause)
          : cause
      // What failed while a grant was sought was repeated there.
      if (grant === undefined || !(error instanceof ClientError)) throw giveUp(error)
      call.onFailure?.(error, grant)
      const { failures, refusedAppJwts } = history
      history = isAppJwtRefusal(error)
        ? { failures, refusedAppJwts: refusedAppJwts + 1 }
        : { failures: failures + 1, refusedAppJwts }
      const waitMs = findWaitMs(transport, scope, error, history)
      if (waitMs === undefined) throw giveUp(error)
      if (error.outcomeUnknown) lost = error
      const { number, status } = attempt
      watched?.tell('retry', { attempt: number, status, waitMs, error })
      attempt = {
        number: number + 1,
        sentEarlier: error.sent,
        sentAtMs: undefined,
        status: undefined,
      }
      try {
        if (waitMs > 0) await scope.sleep(waitMs)
      } catch (interruption) {
        throw giveUp(toInterruptedError(toFailedCall(call, attempt), interruption as Interruption))
      }
    }
  }
}
