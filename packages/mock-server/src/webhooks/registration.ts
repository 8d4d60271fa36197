import type { WebhookEventType, Webhooks } from '@sendbox/schema'
import type { AppInstall } from '../app-installs.ts'

/** What a manifest says of the webhook for one event type. Rule: WH-1. */
export type WebhookRegistration = NonNullable<Webhooks[WebhookEventType]>

/** The webhook of an install for an event type, if it has one. Rule: WH-1. */
export const findRegistration = (
  { capabilities }: AppInstall,
  eventType: WebhookEventType,
): WebhookRegistration | undefined => capabilities?.webhooks?.[eventType]

/** How long an install's undelivered events are kept, in ms; 0 where retries are counted instead. Rules: WH-10, WH-11. */
export const toRetentionMs = ({ capabilities }: AppInstall): number =>
  (capabilities?.webhooks?.retry?.retention_time ?? 0) * 1000

/** Claims that an install has a webhook for anything. */
export const hasWebhooks = ({ capabilities }: AppInstall): boolean =>
  capabilities?.webhooks !== undefined
