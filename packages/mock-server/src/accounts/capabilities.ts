import {
  AppInstallManifestSchema,
  allowsPlainHttp,
  isMetadataHost,
  type WebhookEventType,
  type Webhooks,
  webhookEventTypes,
} from '@sendbox/schema'
import type { z } from 'zod'

/** The expectation that an endpoint fails, `undefined` for one that may be called. Rule: WH-13. */
function expectedEndpoint(endpoint: string): string | undefined {
  if (!URL.canParse(endpoint)) return undefined
  const { protocol, hostname } = new URL(endpoint)
  if (isMetadataHost(hostname))
    return 'an endpoint that is neither link-local nor a metadata service'
  return protocol === 'http:' && !allowsPlainHttp(hostname)
    ? 'an endpoint with https; http only goes to loopback and the local network'
    : undefined
}

/** Headers that frame a message or its connection, which HTTP clients set or refuse. */
const framingHeaders: readonly string[] = [
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]

type WebhookHeaders = NonNullable<NonNullable<Webhooks[WebhookEventType]>['headers']>

/** The field of a header that cannot be sent, and what it must be. */
function findUnsendable({
  header_name: name,
  header_value: value,
}: WebhookHeaders[number]): readonly [field: string, expected: string] | undefined {
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name))
    return ['header_name', 'a header name: letters, digits and hyphens']
  if (framingHeaders.includes(name.toLowerCase()))
    return ['header_name', `a header other than ${framingHeaders.join(', ')}`]
  return /^[\t\u0020-\u007e\u0080-\u00ff]*$/.test(value)
    ? undefined
    : ['header_value', 'a header value: one line of Latin-1 characters']
}

/** Refuses webhooks whose endpoint may not be called, or whose headers cannot be sent. Rule: WH-13. */
const refuseUnsendable: z.core.CheckFn<{ webhooks?: Webhooks | undefined } | undefined> = ({
  value,
  issues,
}) => {
  for (const eventType of webhookEventTypes) {
    const webhook = value?.webhooks?.[eventType]
    if (webhook === undefined) continue
    const path = ['webhooks', eventType]
    const expected = expectedEndpoint(webhook.endpoint)
    // One level up: the schema replaces all problems of an endpoint by a message of its own.
    if (expected !== undefined)
      issues.push({ code: 'custom', path, input: webhook, message: expected })
    for (const [index, header] of (webhook.headers ?? []).entries()) {
      const [field, message] = findUnsendable(header) ?? []
      if (field === undefined || message === undefined) continue
      const pointer = [...path, 'headers', index, field]
      issues.push({ code: 'custom', path: pointer, input: header, message })
    }
  }
}

/** The capabilities of an app install, whose webhooks can be sent. Rules: WH-1, WH-13. */
export const CapabilitiesSchema =
  AppInstallManifestSchema.shape.capabilities.check(refuseUnsendable)
