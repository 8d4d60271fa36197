import type { OperationId } from '@sendbox/schema'
import { isAppJwtRefusal } from '../errors/api-error.ts'
import { ClientError } from '../errors/client-error.ts'
import {
  type Attempt,
  attemptCall,
  type Endpoint,
  type OperationCall,
  type SuccessOf,
  type Transport,
  toAttemptInfo,
} from './attempt.ts'
import { type CallScope, Interruption, toInterruptedError } from './deadline.ts'
import { type RetryHistory, toRetryDelayMs } from './retry.ts'

/** A call together with the source of each attempt's host and tokens. */
export interface RetriedCall<Id extends OperationId, CallEndpoint extends Endpoint>
  extends OperationCall<Id> {
  /** Synchronous if everything is cached. */
  readonly resolveEndpoint: () => CallEndpoint | Promise<CallEndpoint>
  /** Invalidates what the failure shows to be stale, before the next attempt resolves again. */
  readonly onFailure?: (error: ClientError, endpoint: CallEndpoint) => void
}

/** Delay before the next attempt in ms; `undefined` if there is none or the deadline is earlier. */
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
 * Makes a call and retries as LivePerson advises: once with a new AppJWT if one is refused, after
 * 429, and after a 5xx or a lost response if the request is idempotent. Rules: AUTH-6, RES-8.
 */
export async function executeWithRetry<Id extends OperationId, CallEndpoint extends Endpoint>(
  transport: Transport,
  scope: CallScope,
  call: RetriedCall<Id, CallEndpoint>,
): Promise<SuccessOf<Id>> {
  const publish = transport.observer.observe(call.operationId, call.type)
  publish?.('start', { attempt: 1 })
  let history: RetryHistory = { failures: 0, refusedAppJwts: 0 }
  let attempt: Attempt = { number: 1 }
  let lastUnknown: ClientError | undefined

  const toFinalError = (cause: unknown): unknown => {
    const isOutcomeKnown = !(cause instanceof ClientError && cause.outcomeUnknown)
    // A failure before an attempt was sent must not hide an earlier attempt with unknown outcome.
    const error = isOutcomeKnown ? (lastUnknown ?? cause) : cause
    if (error instanceof ClientError) {
      publish?.('error', { attempt: attempt.number, error })
    }
    return error
  }

  for (;;) {
    let endpoint: CallEndpoint | undefined
    try {
      const resolved = call.resolveEndpoint()
      endpoint = resolved instanceof Promise ? await scope.waitFor(resolved) : resolved
      const success = await attemptCall(transport, scope, call, { endpoint, attempt })
      const { status, value, findDeviations } = success
      publish?.('end', { attempt: attempt.number, status, deviations: findDeviations() })
      return value
    } catch (cause) {
      const error =
        cause instanceof Interruption
          ? toInterruptedError(toAttemptInfo(call, attempt), cause)
          : cause
      // Token requests have their own retries.
      if (endpoint === undefined || !(error instanceof ClientError)) throw toFinalError(error)
      call.onFailure?.(error, endpoint)
      const { failures, refusedAppJwts } = history
      history = isAppJwtRefusal(error)
        ? { failures, refusedAppJwts: refusedAppJwts + 1 }
        : { failures: failures + 1, refusedAppJwts }
      const waitMs = findWaitMs(transport, scope, error, history)
      if (waitMs === undefined) throw toFinalError(error)
      if (error.outcomeUnknown) lastUnknown = error
      publish?.('retry', { attempt: attempt.number, waitMs, error })
      attempt = { number: attempt.number + 1, sentEarlier: error.sent }
      try {
        if (waitMs > 0) await scope.sleep(waitMs)
      } catch (interruption) {
        throw toFinalError(
          toInterruptedError(toAttemptInfo(call, attempt), interruption as Interruption),
        )
      }
    }
  }
}
