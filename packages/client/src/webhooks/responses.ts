import type { Problem } from '@sendbox/schema'
import type { WebhookInstall } from './install.ts'

/** Response to a delivery; only 200 acknowledges it. Rule: WH-9. */
export interface WebhookResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** JSON: `{outcome, message?, problems?}`. */
  readonly body: string
}

/** @deprecated Use {@link WebhookResponse}. */
export type WebhookAnswer = WebhookResponse

const refusals = {
  'not-post': { status: 405, message: 'A webhook is a POST' },
  'body-gone': {
    status: 500,
    message:
      'The raw body is gone, and the signature is over its bytes: mount the webhook handler before express.json(), or put express.raw({ type: "*/*" }) in front of it',
  },
  'too-large': { status: 413, message: 'The body is longer than maxBodyBytes' },
  unauthorized: {
    status: 401,
    message:
      'x-liveperson-account-id, x-liveperson-client-id and x-liveperson-signature do not fit the body: check clientSecret, and that the bytes come unchanged',
  },
  'no-secret': { status: 500, message: 'The secret could not be looked up: see onError' },
  'not-json': { status: 400, message: 'The body is not JSON' },
  invalid: { status: 400, message: 'The body has no kind, no type or no array body.changes' },
  'too-many-values': { status: 413, message: 'The body has over 50,000 JSON values' },
  'too-old': { status: 200, message: 'The event is older than maxAgeMs: it is dropped' },
  'too-many': { status: 413, message: 'The notification has more changes than maxPending' },
  overloaded: { status: 503, message: 'Too many events wait: deliver it again' },
  closed: { status: 503, message: 'The webhook handler is closed: deliver it again' },
  unfinished: { status: 503, message: 'The handler still runs: deliver it again for its outcome' },
  failed: { status: 500, message: 'The handler failed, see onError: deliver it again' },
} as const

/** Why a delivery is not acknowledged, or for `too-old` why a change of it is dropped. */
export type WebhookRefusalReason = keyof typeof refusals

/** A delivery that is refused, or a change that is dropped. */
export interface WebhookRefusal extends Partial<WebhookInstall> {
  readonly reason: WebhookRefusalReason
  /** HTTP status of the response. */
  readonly status: number
  readonly message: string
  /** Problems of the body, each with its JSON Pointer; empty for other reasons. */
  readonly problems: readonly Problem[]
}

export const createRefusal = (
  reason: WebhookRefusalReason,
  details: Partial<WebhookInstall> & { readonly problems?: readonly Problem[] } = {},
): WebhookRefusal => ({ reason, problems: [], ...refusals[reason], ...details })

const toResponse = (status: number, body: object): WebhookResponse => ({
  status,
  headers: {
    'content-type': 'application/json;charset=utf-8',
    ...(status === refusals['not-post'].status && { allow: 'POST' }),
  },
  body: JSON.stringify(body),
})

export const successResponse = (outcome: 'received' | 'handled'): WebhookResponse =>
  toResponse(200, { outcome })

export const refusalResponse = ({ status, message, problems }: WebhookRefusal): WebhookResponse =>
  toResponse(status, {
    outcome: 'refused',
    message,
    ...(problems.length > 0 && { problems }),
  })
