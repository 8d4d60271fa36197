import type { AccountClock } from '../accounts/account-clock.ts'
import type { AppInstall } from '../accounts/app-installs.ts'
import { rowsOf } from '../faults/fault.ts'
import {
  type ActingWebhookFault,
  type WebhookFaults,
  webhookFaultActions,
} from '../faults/webhook-fault.ts'
import { redactText } from '../redact/secrets.ts'
import { type AttemptOutcome, isSuccess } from './delivery.ts'
import type { DeliveryRecord } from './delivery-log.ts'
import { findRegistration } from './endpoint.ts'
import type { NotificationPoster } from './post-notification.ts'

/** The dependencies of the deliveries of one install. */
export interface DeliveryContext {
  readonly accountId: string
  readonly clientId: string
  readonly poster: NotificationPoster
  readonly faults: WebhookFaults
  /** Aborts requests in flight. */
  readonly signal: AbortSignal
  readonly clock: () => AccountClock
  /** The current install: a changed manifest takes effect immediately. Rule: WH-12. */
  readonly findInstall: () => AppInstall | undefined
}

/** The result of an attempt; `unregistered` if the install no longer has a webhook for the event, or the mock stops. */
export type AttemptResult = 'delivered' | 'failed' | 'unregistered'

/** The outcome that a fault simulates; `undefined` if the notification is posted. */
const outcomeOf = ({ action }: ActingWebhookFault): AttemptOutcome | undefined => {
  const row = rowsOf(webhookFaultActions, action).find(({ on }) => on === 'attempt')
  return row?.on === 'attempt' ? row.apply(action) : undefined
}

/** Attempts a delivery once, and adds the attempt to its record; `fault` is the one that acts on the delivery. Rule: WH-9. */
export async function attemptDelivery(
  record: DeliveryRecord,
  fault: ActingWebhookFault | undefined,
  context: DeliveryContext,
): Promise<AttemptResult> {
  const install = context.findInstall()
  const registration = install && findRegistration(install, record.eventType)
  if (install === undefined || registration === undefined || context.signal.aborted)
    return 'unregistered'
  const isOfFault = fault && record.attempts.length === 0 && outcomeOf(fault) !== undefined
  const acting = isOfFault ? fault : context.faults.select({ on: 'attempt', ...record })
  const simulated = acting && outcomeOf(acting)
  record.endpoint = redactText(registration.endpoint)
  const at = context.clock().now()
  const startedAt = performance.now()
  const { accountId, poster, signal } = context
  const { body } = record
  const outcome =
    simulated ?? (await poster.post({ accountId, install, registration, body, signal }))
  if (signal.aborted) return 'unregistered'
  record.attempts.push({
    attempt: record.attempts.length + 1,
    at,
    outcome,
    durationMs: simulated === undefined ? Math.round(performance.now() - startedAt) : 0,
    ...(acting && { faultId: acting.faultId }),
  })
  return isSuccess(outcome) ? 'delivered' : 'failed'
}
