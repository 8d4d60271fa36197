import { boundedArray, webhookEventTypes } from '@sendbox/schema'
import { signWebhook } from '@sendbox/schema/signature'
import { z } from 'zod'
import type { AppInstall } from '../accounts/app-installs.ts'
import type { WebhookSettings } from '../settings.ts'

/** The outcome of an attempt: the endpoint's HTTP status, or why there is none. */
const AttemptOutcomeSchema = z.union([
  z.int(),
  z.enum(['timeout', 'refused', 'reset', 'unreachable']),
])
export type AttemptOutcome = z.output<typeof AttemptOutcomeSchema>

/** An attempt at a delivery, as snapshots and the data folder have it. */
const SavedAttemptSchema = z.object({
  /** 1 for the first. */
  attempt: z.int().min(1),
  /** Its start by the account's clock, in ms since the epoch. */
  at: z.number(),
  outcome: AttemptOutcomeSchema,
  /** In ms of wall time. */
  durationMs: z.number().min(0),
  /** The webhook fault that simulated the outcome; nothing was sent. */
  faultId: z.string().exactOptional(),
})

/** One attempt at a delivery. */
const AttemptSchema = SavedAttemptSchema.extend({
  /**
   * The headers that were sent besides those of HTTP itself, such as `Host`; names in lower case. The values of the manifest's headers and of
   * `authorization` read `<redacted>`. Absent where a fault simulated the outcome, and for old attempts of a mock with many.
   */
  headers: z.record(z.string(), z.string()).exactOptional(),
  /** The receiver's answer; absent where `headers` are, and where the outcome is no status. */
  response: z
    .object({
      status: z.int(),
      /** The first 4,096 bytes as text, secrets redacted; bytes that are not UTF-8 are replacement characters. */
      body: z.string(),
      /** Whether the body continues: beyond 4,096 bytes, or 100 ms after the status line. */
      truncated: z.boolean(),
    })
    .exactOptional(),
})
export type Attempt = z.output<typeof AttemptSchema>

/** The signature of a delivery. Rule: WH-3. */
const SignatureViewSchema = z.object({
  /** Algorithm and encoding of the signature that was sent last, or else those of the settings. */
  algorithm: z.enum(['sha1', 'sha256']),
  encoding: z.enum(['base64', 'hex']),
  /** Size of the body in UTF-8, which are the bytes that are signed. */
  bodyBytes: z.int().min(0),
  /** The header `x-liveperson-signature` of the last attempt that was sent; `null` if none was, or its headers are gone. */
  sent: z.string().nullable(),
  /** The signature of the body with the present client secret of the install; `null` if the account has no such install any more. */
  expected: z.string().nullable(),
})
export type SignatureView = z.output<typeof SignatureViewSchema>

/**
 * The state of a delivery: `pending` is queued, in flight or waits for a retry, `stored` waits for the endpoints to succeed again (WH-11);
 * `delivered` was accepted, `failed` is out of retries, `dropped` was given up unsent or after its retention time.
 */
export const DeliveryStateSchema = z.enum(['pending', 'stored', 'delivered', 'failed', 'dropped'])
export type DeliveryState = z.output<typeof DeliveryStateSchema>

/** A delivery, as snapshots and the data folder have it. */
export const SavedDeliverySchema = z.object({
  deliveryId: z.string(),
  /** Its creation by the account's clock, in ms since the epoch. */
  createdAt: z.number(),
  conversationId: z.string(),
  eventType: z.enum(webhookEventTypes),
  clientId: z.string(),
  /** The URL of the last attempt, or of the next one. */
  endpoint: z.string(),
  state: DeliveryStateSchema,
  attempts: boundedArray(SavedAttemptSchema).readonly(),
  /** When the next attempt is due by the account's clock, in ms since the epoch; absent where none waits for a time. */
  nextAttemptAt: z.number().exactOptional(),
  /** The webhook fault that acted on it. */
  faultId: z.string().exactOptional(),
  /** The JSON that is sent. */
  body: z.string(),
})

/** One notification for one app install, with every attempt to deliver it; it shows no secret. */
export const DeliverySchema = SavedDeliverySchema.extend({
  attempts: boundedArray(AttemptSchema).readonly(),
  /** Present for a test notification, which is attempted once. */
  test: z.literal(true).exactOptional(),
  signature: SignatureViewSchema,
})
export type Delivery = z.output<typeof DeliverySchema>

/** Whether an endpoint accepted a notification. Rule: WH-9. */
export const isSuccess = (outcome: AttemptOutcome): boolean => outcome === 200 || outcome === 201

/** The form of a signature of the mock. */
const toForm = (sent: string): Pick<SignatureView, 'algorithm' | 'encoding'> => ({
  algorithm: sent.startsWith('sha256=') ? 'sha256' : 'sha1',
  encoding: /=(?:[\da-f]{40}|[\da-f]{64})$/.test(sent) ? 'hex' : 'base64',
})

/** Shows the signature of a delivery beside the one that its receiver should compute. Rule: WH-3. */
export function toSignatureView(
  { attempts, body }: Pick<Delivery, 'attempts' | 'body'>,
  install: Pick<AppInstall, 'clientSecret'> | undefined,
  settings: Pick<WebhookSettings, 'signature' | 'signatureEncoding'>,
): SignatureView {
  const last = attempts.findLast(({ headers }) => headers !== undefined)
  const sent = last?.headers?.['x-liveperson-signature'] ?? null
  const bySettings = { algorithm: settings.signature, encoding: settings.signatureEncoding }
  const { algorithm, encoding } = sent === null ? bySettings : toForm(sent)
  return {
    algorithm,
    encoding,
    bodyBytes: Buffer.byteLength(body),
    sent,
    expected: install ? signWebhook(body, install.clientSecret, algorithm, encoding) : null,
  }
}
