import type { AccountClock } from '../accounts/account-clock.ts'
import type { AppInstall } from '../accounts/app-installs.ts'
import { rowsOf } from '../faults/fault.ts'
import {
  type ActingWebhookFault,
  type WebhookFaults,
  webhookFaultActions,
} from '../faults/webhook-fault.ts'
import { redacted, redactText } from '../redact/secrets.ts'
import type { AttemptBudget } from './attempt-budget.ts'
import { type Attempt, type AttemptOutcome, isSuccess } from './delivery.ts'
import type { DeliveryRecord } from './delivery-log.ts'
import { findRegistration, listSecrets, type WebhookRegistration } from './endpoint.ts'
import type { NotificationPoster } from './post-notification.ts'

/** The dependencies of the deliveries of one install. */
export interface DeliveryContext {
  readonly accountId: string
  readonly clientId: string
  readonly poster: NotificationPoster
  readonly faults: WebhookFaults
  readonly budget: AttemptBudget
  /** The secrets of the account. */
  readonly secretsOf: () => readonly string[]
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

/** The headers of the mock itself, which are shown. */
const ownHeaders: ReadonlySet<string> = new Set([
  'content-type',
  'x-liveperson-account-id',
  'x-liveperson-client-id',
  'x-liveperson-signature',
])

/** The values of the manifest's headers are redacted. */
const toShownHeaders = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      redactText(name),
      ownHeaders.has(name) ? value : redacted,
    ]),
  )

/** Redacts a text whose end may be missing: of a secret, too. */
function redactBeginning(text: string, secrets: readonly string[]): string {
  const cut = '\u2026'
  const shown = redactText(text + cut, secrets)
  return shown.endsWith(cut) ? shown.slice(0, -cut.length) : shown
}

/** Posts a notification, and shows what was sent and what the receiver answered, without secrets. */
async function post(
  { body }: DeliveryRecord,
  install: AppInstall,
  registration: WebhookRegistration,
  { accountId, poster, signal, secretsOf }: DeliveryContext,
): Promise<Pick<Attempt, 'outcome' | 'durationMs' | 'headers' | 'response'>> {
  const startedAt = performance.now()
  const posted = await poster.post({ accountId, install, registration, body, signal })
  const durationMs = Math.round(performance.now() - startedAt)
  const { outcome } = posted
  const sent = { outcome, durationMs, headers: toShownHeaders(posted.headers) }
  if (posted.response === undefined || typeof outcome !== 'number') return sent
  const { text, truncated } = await posted.response
  const secrets = [...secretsOf(), ...listSecrets(registration)]
  const shown = truncated ? redactBeginning(text, secrets) : redactText(text, secrets)
  return { ...sent, response: { status: outcome, body: shown, truncated } }
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
  const posted =
    simulated === undefined
      ? await post(record, install, registration, context)
      : { outcome: simulated, durationMs: 0 }
  if (context.signal.aborted) return 'unregistered'
  context.budget.add(record.attempts, {
    attempt: record.attempts.length + 1,
    at,
    ...posted,
    ...(acting && { faultId: acting.faultId }),
  })
  return isSuccess(posted.outcome) ? 'delivered' : 'failed'
}
