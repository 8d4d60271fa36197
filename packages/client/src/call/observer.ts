import { type Channel, channel } from 'node:diagnostics_channel'
import type { OperationId } from '@sendbox/schema'
import { ApiError } from '../errors/api-error.ts'
import type { ClientError } from '../errors/client-error.ts'
import { TokenError } from '../errors/token-error.ts'

/**
 * Calls a listener of the caller's; what it throws is an uncaught exception of its own, as with
 * `node:diagnostics_channel`, and never fails the call that it was told of.
 */
export function notify<Value>(listener: (value: Value) => void, value: Value): void {
  try {
    listener(value)
  } catch (error) {
    process.nextTick(() => {
      throw error
    })
  }
}

/** What happens to a call. */
export type CallPhase = 'start' | 'retry' | 'end' | 'error'

/** What is told of a call, on the channel of its phase; it never holds a token. */
export interface CallEvent {
  /** Tells the calls of one client apart. */
  readonly callId: number
  readonly operation: OperationId
  /** The type of the request, where the operation is `send`. */
  readonly type?: string | undefined
  /** From 1. */
  readonly attempt: number
  /** The HTTP status, where an answer came. */
  readonly status?: number | undefined
  /** Since the start, waits included. */
  readonly durationMs: number
  /** How long the client waits before the next attempt; only of a `retry`. */
  readonly waitMs?: number
  /** Of a `retry` and an `error`. */
  readonly error?: ClientError
}

/** The `node:diagnostics_channel` of each phase; a message is a {@link CallEvent}. */
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

/** One call, as it is watched. */
interface WatchedCall {
  tell(
    phase: CallPhase,
    about: {
      readonly attempt: number
      readonly status?: number | undefined
      readonly waitMs?: number
      readonly error?: ClientError
    },
  ): void
}

/** Watches the calls of one client. */
export interface CallObserver {
  /** Gives nothing where nobody looks, so that a call costs nothing. */
  watch(operation: OperationId, type: string | undefined): WatchedCall | undefined
}

/** Writes one line to a debug log. */
export type Log = (line: string) => void

const statusOf = (error: ClientError | undefined): number | undefined =>
  error instanceof ApiError || error instanceof TokenError ? error.status : undefined

function toLine(phase: CallPhase, event: CallEvent): string {
  const { callId, operation, type = '', attempt, status, durationMs, waitMs, error } = event
  const words = [`#${callId}`, operation, type, `attempt ${attempt}`, phase]
  if (status !== undefined) words.push(String(status))
  if (phase !== 'start') words.push(`after ${durationMs} ms`)
  if (waitMs !== undefined) words.push(`next in ${waitMs} ms`)
  if (error !== undefined) words.push(`${error.code}: ${error.message}`)
  // What the service said may hold line breaks, and so pass for lines of its own.
  return words
    .filter(Boolean)
    .join(' ')
    .replace(/\p{Cc}+/gu, ' ')
}

const isWatched = (): boolean =>
  channels.start.hasSubscribers ||
  channels.retry.hasSubscribers ||
  channels.end.hasSubscribers ||
  channels.error.hasSubscribers

/** Tells diagnostics channels and a log, where there is one, of the calls of a client. */
export function createCallObserver(options: {
  readonly now: () => number
  readonly log: Log | undefined
}): CallObserver {
  const { now, log } = options
  let lastId = 0
  return {
    watch(operation, type) {
      if (log === undefined && !isWatched()) return undefined
      const callId = ++lastId
      const startedMs = now()
      return {
        tell(phase, { status, ...about }) {
          const event: CallEvent = {
            callId,
            operation,
            type,
            durationMs: now() - startedMs,
            status: status ?? statusOf(about.error),
            ...about,
          }
          channels[phase].publish(event)
          if (log !== undefined) notify(log, toLine(phase, event))
        },
      }
    },
  }
}
