import { type Webhooks, webhookEventTypes } from '@sendbox/schema'

/** Registers one endpoint for all five types of events. Rule: WH-1. */
export const toWebhooks = (endpoint: string): Webhooks =>
  Object.fromEntries(webhookEventTypes.map(type => [type, { endpoint }]))
