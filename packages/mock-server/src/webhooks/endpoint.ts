import type { WebhookEventType, Webhooks } from '@sendbox/schema'
import type { AppInstall } from '../accounts/app-installs.ts'

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Where a notification is posted, and the `Authorization` that the URL's user name and password come to. */
export function toTarget(endpoint: string): {
  readonly url: URL
  readonly authorization: string | undefined
} {
  const url = new URL(endpoint)
  const user = `${decode(url.username)}:${decode(url.password)}`
  url.username = ''
  url.password = ''
  return {
    url,
    authorization: user === ':' ? undefined : `Basic ${Buffer.from(user).toString('base64')}`,
  }
}

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
