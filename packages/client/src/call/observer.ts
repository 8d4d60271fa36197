import { type Channel, channel } from 'node:diagnostics_channel'
import type { OperationId } from '@sendbox/schema'
import { ApiError } from '../errors/api-error.ts'
import type { ClientError } from '../errors/client-error.ts'
import { TokenError } from '../errors/token-error.ts'
import { type Log, toLogLine } from '../log.ts'

/** Calls a user's listener; its exceptions become uncaught and never fail the call. */
export function notify<Value>(listener: (value: Value) => void, value: Value): void {
  try {
    listener(value)
  } catch (error) {
    process.nextTick(() => {
      throw error
    })
  }
}

export type CallPhase = 'start' | 'retry' | 'end' | 'error'

/** Message on the channel of its phase; never contains a token. */
export interface CallEvent {
  /** Unique within one client. */
  readonly callId: number
  readonly operation: OperationId
  /** The request's type, if the operation is `send`. */
  readonly type?: string | undefined
  /** From 1. */
  readonly attempt: number
  /** HTTP status, if there was a response. */
  readonly status?: number | undefined
  /** Since `start`, waits included. */
  readonly durationMs: number
  /** Delay before the next attempt; `retry` only. */
  readonly waitMs?: number
  /**
   * How a response of success differs from the documented one, each as `/code: expected OK`; absent if it does not. The call
   * takes only what it needs. `end` only. Rule: RES-1.
   */
  readonly deviations?: readonly string[] | undefined
  /** `retry` and `error` only. */
  readonly error?: ClientError
}

/** `node:diagnostics_channel` name of each phase; messages are {@link CallEvent}s. */
export const callChannels: Readonly<Record<CallPhase, `sendbox:client:call:${CallPhase}`>> = {
  start: 'sendbox:client:call:start',
  retry: 'sendbox:client:call:retry',
  end: 'sendbox:client:call:end',
  error: 'sendbox:client:call:error',
}

const channels: Readonly<Record<CallPhase, Channel>> = {
  start: channel(callChannels.start),
  retry: channel(callChannels.retry),
  end: channel(callChannels.end),
  error: channel(callChannels.error),
}

type PublishPhase = (
  phase: CallPhase,
  details: Pick<CallEvent, 'attempt' | 'status' | 'waitMs' | 'deviations' | 'error'>,
) => void

/** Publishes the calls of one client. */
export interface CallObserver {
  /** Returns `undefined` without subscriber and log, so that a call costs nothing. */
  observe(operation: OperationId, type: string | undefined): PublishPhase | undefined
}

const statusOf = (error: ClientError | undefined): number | undefined =>
  error instanceof ApiError || error instanceof TokenError ? error.status : undefined

function toLine(phase: CallPhase, event: CallEvent): string {
  const { callId, operation, type = '', attempt, status, durationMs } = event
  const { waitMs, deviations = [], error } = event
  const words = [`#${callId}`, operation, type, `attempt ${attempt}`, phase]
  if (status !== undefined) words.push(String(status))
  if (phase !== 'start') words.push(`after ${durationMs} ms`)
  if (waitMs !== undefined) words.push(`next in ${waitMs} ms`)
  if (deviations.length > 0) words.push(`the response is odd: ${deviations.join('; ')}`)
  if (error !== undefined) words.push(`${error.code}: ${error.message}`)
  return toLogLine(words)
}

const allChannels = Object.values(channels)

/** Publishes to the diagnostics channels and to `log`, if any. */
export function createCallObserver(options: {
  readonly now: () => number
  readonly log: Log | undefined
}): CallObserver {
  const { now, log } = options
  let lastId = 0
  return {
    observe(operation, type) {
      if (log === undefined && !allChannels.some(({ hasSubscribers }) => hasSubscribers))
        return undefined
      const callId = ++lastId
      const startedMs = now()
      return (phase, { status, ...details }) => {
        const event: CallEvent = {
          callId,
          operation,
          type,
          durationMs: now() - startedMs,
          status: status ?? statusOf(details.error),
          ...details,
        }
        channels[phase].publish(event)
        if (log !== undefined) notify(log, toLine(phase, event))
      }
    },
  }
}
