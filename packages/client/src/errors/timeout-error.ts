import { type CallInfo, ClientError } from './client-error.ts'

/** Which timeout expired: connecting, response headers, a pause in the body, or the whole call. */
export type TimeoutPhase = 'connect' | 'headers' | 'body' | 'call'

const optionOf = {
  connect: 'connectTimeoutMs',
  headers: 'headersTimeoutMs',
  body: 'headersTimeoutMs',
  call: 'timeoutMs',
} as const satisfies Record<TimeoutPhase, string>

const reasons = {
  connect: 'no connection stood in time',
  headers: 'no answer began in time',
  body: 'the answer stopped midway',
  call: 'the time of the whole call is over',
} as const satisfies Record<TimeoutPhase, string>

function nextStep(call: CallInfo, phase: TimeoutPhase): string {
  if (!call.wasSent) return `Nothing was sent: repeat the call, or raise ${optionOf[phase]}.`
  if (call.idempotent) return `Repeat the call, or raise ${optionOf[phase]}.`
  return 'Its outcome is unknown, and a repeat may act twice.'
}

/** A timeout expired. Retryable if nothing was sent or the request is idempotent. */
export class TimeoutError extends ClientError {
  readonly code = 'TIMEOUT' as const
  readonly phase: TimeoutPhase

  constructor(call: CallInfo, phase: TimeoutPhase, options: { cause?: unknown } = {}) {
    super(call, `${reasons[phase]} for ${call.method} ${call.path}. ${nextStep(call, phase)}`, {
      isRetryable: call.idempotent || !call.wasSent,
      ...options,
    })
    this.phase = phase
  }
}
