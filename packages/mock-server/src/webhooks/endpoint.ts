import type { WebhookEventType, Webhooks } from '@sendbox/schema'
import type { AppInstall } from '../accounts/app-installs.ts'
import type { Attempt } from './delivery.ts'

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The URL to post to, without user name and password, and the `Authorization` made from these. */
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

/** The webhook of a manifest for one event type. Rule: WH-1. */
export type WebhookRegistration = NonNullable<Webhooks[WebhookEventType]>

/** The values by which a receiver knows the mock, which it may repeat. */
export function listSecrets({ endpoint, headers = [] }: WebhookRegistration): string[] {
  const { username, password } = new URL(endpoint)
  const { authorization } = toTarget(endpoint)
  const ofUrl = authorization === undefined ? [] : [authorization, username, password]
  const values = headers.map(({ header_value }) => header_value)
  return [...values, ...ofUrl, ...ofUrl.map(decode)]
}

/** The webhook that an install registers for an event type. Rule: WH-1. */
export const findRegistration = (
  { capabilities }: AppInstall,
  eventType: WebhookEventType,
): WebhookRegistration | undefined => capabilities?.webhooks?.[eventType]

/** How long an install's undelivered events are retained, in ms; 0 if retries are limited by number instead. Rules: WH-10, WH-11. */
export const toRetentionMs = ({ capabilities }: AppInstall): number =>
  (capabilities?.webhooks?.retry?.retention_time ?? 0) * 1000

/** Responses that take longer are slow, in ms. Rule: WH-12. */
const slowMs = 2500

/** The longest tolerated period of slow responses, in ms of the account's clock. Rule: WH-12. */
const maxSlowMs = 120_000

/** When the first and the last of an endpoint's consecutive slow attempts began. */
interface SlowPeriod {
  readonly since: number
  readonly until: number
}

/** Slow endpoints, by their URL. */
export type SlowEndpoints = Readonly<Record<string, SlowPeriod>>

/** Starts, extends or ends the slow period of an endpoint. Rule: WH-12. */
export function recordAttempt(
  slow: SlowEndpoints,
  endpoint: string,
  { at, durationMs, outcome }: Pick<Attempt, 'at' | 'durationMs' | 'outcome'>,
): SlowEndpoints {
  const { [endpoint]: period, ...others } = slow
  if (durationMs <= slowMs && outcome !== 'timeout') return period ? others : slow
  return { ...slow, [endpoint]: { since: period?.since ?? at, until: at } }
}

/** The endpoints that production may disable. Rule: WH-12. */
export const listTooSlow = (slow: SlowEndpoints): string[] =>
  Object.entries(slow)
    .filter(([, { since, until }]) => until - since > maxSlowMs)
    .map(([endpoint]) => endpoint)
