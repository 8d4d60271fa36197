import * as z from 'zod'
import { type WebhookEventType, webhookEventTypes } from '../events/event-types.ts'
import { boundedArray } from '../primitives/bounded.ts'
import { schemaRules } from '../primitives/rule-metadata.ts'

const WebhookSchema = z.looseObject({
  // JSON Schema has no keyword for a protocol, nor for letter case.
  endpoint: z
    .url({ protocol: /^https?$/ })
    .meta({ pattern: String.raw`^\s*[Hh][Tt][Tt][Pp][Ss]?://` })
    .register(schemaRules, { rule: 'WH-1.1', expected: 'a URL with http or https' }),
  max_retries: z
    .int()
    .min(0)
    .max(5)
    .optional()
    .register(schemaRules, { rule: 'WH-10.1', expected: 'an integer from 0 to 5' }),
  headers: boundedArray(
    z.looseObject({ header_name: z.string().min(1), header_value: z.string() }),
  ).optional(),
})

const webhooksByType = Object.fromEntries(
  webhookEventTypes.map(type => [type, WebhookSchema.optional()]),
) as Record<WebhookEventType, z.ZodOptional<typeof WebhookSchema>>

/** Webhooks by event type; `retention_time` is in seconds, 0 or absent for none. Rules: WH-1, WH-10, WH-11. */
export const WebhooksSchema = z.looseObject({
  ...webhooksByType,
  retry: z
    .looseObject({
      retention_time: z
        .union([z.literal(0), z.int().min(2).max(259_200)])
        .optional()
        .register(schemaRules, {
          rule: 'WH-11',
          expected: '0 or a number of seconds from 2 to 259200',
        }),
    })
    .optional(),
})
export type Webhooks = z.infer<typeof WebhooksSchema>

/** The part of an app install manifest that concerns a connector. Rule: WH-1. */
export const AppInstallManifestSchema = z.looseObject({
  capabilities: z.looseObject({ webhooks: WebhooksSchema.optional() }).optional(),
})
export type AppInstallManifest = z.infer<typeof AppInstallManifestSchema>

/** An app install as a PUT replaces it; further fields are those that the service assigns, and have no effect. Rule: EP-19. */
export const AppInstallUpdateSchema = z.looseObject({
  ...AppInstallManifestSchema.shape,
  client_name: z.string().optional(),
  description: z.string().optional(),
  enabled: z.boolean().optional(),
  grant_types: boundedArray(z.string()).optional(),
  response_types: boundedArray(z.string()).optional(),
  scope: z.string().optional(),
  logo_uri: z.string().optional(),
  id: z.string().optional(),
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
})
export type AppInstallUpdate = z.infer<typeof AppInstallUpdateSchema>
