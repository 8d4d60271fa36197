import { type Webhooks, webhookEventTypes } from '@sendbox/schema'
import type { Trace } from './trace.ts'

/** Registers one endpoint for all five types of events. Rules: WH-1, WH-10, WH-11. */
export function toWebhooks(
  endpoint: string,
  { retention_time, ...webhook }: NonNullable<Trace['webhooks']> = {},
): Webhooks {
  const entries = webhookEventTypes.map(type => [type, { endpoint, ...webhook }])
  return {
    ...Object.fromEntries(entries),
    ...(retention_time !== undefined && { retry: { retention_time } }),
  }
}
