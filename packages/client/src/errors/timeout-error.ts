import { ClientError, type FailedCall } from './client-error.ts'

/** What took too long: to connect, to begin or go on with the answer, or the call with all that it waits for. */
export type TimeoutPhase = 'connect' | 'headers' | 'body' | 'call'

const optionOf = {
  connect: 'connectTimeoutMs',
  headers: 'headersTimeoutMs',
  body: 'headersTimeoutMs',
  call: 'timeoutMs',
} as const satisfies Record<TimeoutPhase, string>

const lastedTooLong = {
  connect: 'no connection stood in time',
  headers: 'no answer began in time',
  body: 'the answer stopped midway',
  call: 'the time of the whole call is over',
} as const satisfies Record<TimeoutPhase, string>

function nextStep(call: FailedCall, phase: TimeoutPhase): string {
  if (!call.wasSent) return `Nothing was sent: repeat the call, or raise ${optionOf[phase]}.`
  if (call.isRepeatable) return `Repeat the call, or raise ${optionOf[phase]}.`
  return 'Its outcome is unknown, and a repeat may act twice.'
}

/** Something took too long; retryable where nothing was sent, or where a repeat acts once. */
export class TimeoutError extends ClientError {
  readonly code = 'TIMEOUT' as const
  readonly phase: TimeoutPhase

  constructor(call: FailedCall, phase: TimeoutPhase, options: { cause?: unknown } = {}) {
    super(
      `${call.purpose} failed: ${lastedTooLong[phase]} for ${call.method} ${call.path}. ${nextStep(call, phase)}`,
      call,
      {
        isRetryable: call.isRepeatable || !call.wasSent,
        didNotAct: !call.wasSent,
        ...options,
      },
    )
    this.phase = phase
  }
}
