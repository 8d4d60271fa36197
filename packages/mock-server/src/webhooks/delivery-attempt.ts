import type { AccountClock } from '../accounts/account-clock.ts'
import type { AppInstall } from '../accounts/app-installs.ts'
import { rowsOf } from '../faults/fault.ts'
import {
  type ActingWebhookFault,
  type WebhookFaults,
  webhookFaultActions,
} from '../faults/webhook-fault.ts'
import { redactText } from '../redact-secrets.ts'
import type { WebhookSettings } from '../settings.ts'
import { type AttemptOutcome, isSuccess } from './delivery.ts'
import type { DeliveryRecord } from './delivery-log.ts'
import { findRegistration, toTarget, type WebhookRegistration } from './endpoint.ts'
import type { NotificationPoster } from './post-notification.ts'
import { toNotificationHeaders } from './post-notification.ts'

/** What a delivery of one install works with. */
export interface DeliveryContext {
  readonly accountId: string
  readonly clientId: string
  readonly settings: WebhookSettings
  readonly poster: NotificationPoster
  readonly faults: WebhookFaults
  /** Ends what is on its way. */
  readonly signal: AbortSignal
  readonly clock: () => AccountClock
  /** The install as it is now: a manifest acts at once. Rule: WH-12. */
  readonly findInstall: () => AppInstall | undefined
}

/** What an attempt came to; `gone` where the install has no webhook for it any more, or the mock stops. */
export type AttemptResult = 'taken' | 'failed' | 'gone'

/** The outcome that a fault simulates; `undefined` if the notification is posted. */
const outcomeOf = ({ action }: ActingWebhookFault): AttemptOutcome | undefined => {
  const row = rowsOf(webhookFaultActions, action).find(({ on }) => on === 'attempt')
  return row?.on === 'attempt' ? row.apply(action) : undefined
}

/** Posts a notification to where its webhook stands now. */
function post(
  { body }: DeliveryRecord,
  install: AppInstall,
  registration: WebhookRegistration,
  { accountId, poster, settings, signal }: DeliveryContext,
): Promise<AttemptOutcome> {
  const { url, authorization } = toTarget(registration.endpoint)
  const parts = { accountId, install, registration, authorization, body, settings }
  return poster.post({ url, headers: toNotificationHeaders(parts), body, signal })
}

/** Tries once to deliver, and notes the attempt; `fault` is the one that acts on the delivery. Rule: WH-9. */
export async function attemptDelivery(
  record: DeliveryRecord,
  fault: ActingWebhookFault | undefined,
  means: DeliveryContext,
): Promise<AttemptResult> {
  const install = means.findInstall()
  const registration = install && findRegistration(install, record.eventType)
  if (install === undefined || registration === undefined || means.signal.aborted) return 'gone'
  const isOfFault = fault && record.attempts.length === 0 && outcomeOf(fault) !== undefined
  const acting = isOfFault ? fault : means.faults.select({ on: 'attempt', ...record })
  const given = acting && outcomeOf(acting)
  record.endpoint = redactText(registration.endpoint)
  const at = means.clock().now()
  const startedAt = performance.now()
  const outcome = given ?? (await post(record, install, registration, means))
  if (means.signal.aborted) return 'gone'
  record.attempts.push({
    attempt: record.attempts.length + 1,
    at,
    outcome,
    durationMs: given === undefined ? Math.round(performance.now() - startedAt) : 0,
    ...(acting && { faultId: acting.faultId }),
  })
  return isSuccess(outcome) ? 'taken' : 'failed'
}
