import { expect, test } from 'vitest'
import {
  AppInstallManifestSchema,
  ConsumerJwsClaimsSchema,
  webhookEventTypes,
} from '../../src/index.ts'

const type = 'ms.MessagingEventNotification.ContentEvent'
const endpoint = 'https://connector.example/webhook'
const manifest = (webhooks: object) => ({ capabilities: { webhooks } })
const webhook = (fields: object) => manifest({ [type]: { endpoint, ...fields } })
const retention = (retention_time: unknown) => manifest({ retry: { retention_time } })
const header = (fields: object) => webhook({ headers: [{ header_value: 'v', ...fields }] })

test.each<[string, unknown, unknown]>([
  ['max_retries: 0', webhook({ max_retries: 0 }), webhook({ max_retries: -1 })],
  ['max_retries: 5', webhook({ max_retries: 5 }), webhook({ max_retries: 6 })],
  ['max_retries: whole', webhook({ max_retries: 1 }), webhook({ max_retries: 1.5 })],
  ['retention_time: 0 is off', retention(0), retention(1)],
  ['retention_time: 2 s', retention(2), retention(-2)],
  ['retention_time: 259200 s', retention(259_200), retention(259_201)],
  ['an endpoint', webhook({}), webhook({ endpoint: undefined })],
  [
    'an http endpoint',
    webhook({ endpoint: 'http://127.0.0.1:1/' }),
    webhook({ endpoint: 'ftp://a/' }),
  ],
  ['an endpoint that is a URL', webhook({}), webhook({ endpoint: 'connector.example' })],
  ['a header name', header({ header_name: 'n' }), header({ header_name: '' })],
])('a manifest knows both sides of the edge of %s', (_, good, bad) => {
  expect(AppInstallManifestSchema.safeParse(good).success).toBe(true)
  expect(AppInstallManifestSchema.safeParse(bad).success).toBe(false)
})

test('checks the webhook of each event type, and keeps what a manifest has beside it', () => {
  for (const eventType of webhookEventTypes) {
    const bad = manifest({ [eventType]: { max_retries: 1 } })
    expect(AppInstallManifestSchema.safeParse(bad).success).toBe(false)
  }
  const whole = { client_name: 'My connector', ...webhook({ more: 1 }) }
  expect(AppInstallManifestSchema.parse(whole)).toEqual(whole)
})

const claims = (lp_consumer_id: string, more: object = {}) => ({
  account_id: '1',
  ext_consumer_id: 'zoe',
  lp_consumer_id,
  ...more,
})

test.each([
  ['63 digits', claims('a'.repeat(63))],
  ['65 digits', claims('a'.repeat(65))],
  ['upper case', claims('A'.repeat(64))],
  ['another claim', claims('a'.repeat(64), { iat: 1 })],
])(
  'a ConsumerJWS has an lp_consumer_id of 64 hex digits and no further claim: not %s',
  (_, bad) => {
    expect(ConsumerJwsClaimsSchema.safeParse(claims('0'.repeat(64))).success).toBe(true)
    expect(ConsumerJwsClaimsSchema.safeParse(bad).success).toBe(false)
  },
)
