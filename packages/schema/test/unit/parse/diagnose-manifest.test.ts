import { expect, test } from 'vitest'
import { diagnoseManifest, webhookEventTypes } from '../../../src/index.ts'

const endpoint = 'https://connector.example/webhook'
const type = 'ms.MessagingEventNotification.ContentEvent'
const withWebhooks = (webhooks: object) => ({ capabilities: { webhooks } })

test.each<[string, string]>([
  [
    'ms.MessagingEventNotification.AccpetStatusEvent',
    'ms.MessagingEventNotification.AcceptStatusEvent',
  ],
  ['ms.MessagingEventNotification.contentEvent', 'ms.MessagingEventNotification.ContentEvent'],
  ['ms.messagingeventnotification.chatstateevent', 'ms.MessagingEventNotification.ChatStateEvent'],
  [
    '.ams.ms.MessagingEventNotification.RichContentEvent',
    'ms.MessagingEventNotification.RichContentEvent',
  ],
  ['MessagingEventNotification.ContentEvent', 'ms.MessagingEventNotification.ContentEvent'],
  ['ChatStateEvent', 'ms.MessagingEventNotification.ChatStateEvent'],
  ['ms.MessagingEventNotifications.ContentEvent', 'ms.MessagingEventNotification.ContentEvent'],
  ['ms.MessagingEventNotification.AcceptStatus', 'ms.MessagingEventNotification.AcceptStatusEvent'],
  ['cqm.ExConversationChangeNotifications', 'cqm.ExConversationChangeNotification'],
  ['ExConversationChangeNotification', 'cqm.ExConversationChangeNotification'],
  ['cqm.ConversationChangeNotification', 'cqm.ExConversationChangeNotification'],
])('says that the webhook type %s never fires, and which one is meant [WH-1.2]', (name, meant) => {
  const found = diagnoseManifest(withWebhooks({ [name]: { endpoint } }))
  expect(found).toMatchObject([
    { path: `/capabilities/webhooks/${name}`, rule: 'WH-1.2', evidence: 'own' },
  ])
  expect(found[0]?.message).toContain(`it never fires; did you mean "${meant}"?`)
})

test('lists all types for a webhook that is like none [WH-1.2]', () => {
  const [found] = diagnoseManifest(withWebhooks({ other: { endpoint } }))
  for (const known of webhookEventTypes) expect(found?.message).toContain(known)
})

test.each<[string, unknown, string, string]>([
  [
    'retry',
    withWebhooks({ retries: { retention_time: 5 } }),
    '/capabilities/webhooks/retries',
    '"retry"',
  ],
  [
    'Retry',
    withWebhooks({ Retry: { retention_time: 5 } }),
    '/capabilities/webhooks/Retry',
    '"retry"',
  ],
  [
    'retention_time',
    withWebhooks({ retry: { retentionTime: 5 } }),
    '/capabilities/webhooks/retry/retentionTime',
    '"retention_time"',
  ],
  [
    'max_retries',
    withWebhooks({ [type]: { endpoint, max_retires: 5 } }),
    `/capabilities/webhooks/${type}/max_retires`,
    '"max_retries"',
  ],
  [
    'headers',
    withWebhooks({ [type]: { endpoint, header: [] } }),
    `/capabilities/webhooks/${type}/header`,
    '"headers"',
  ],
  [
    'a header',
    withWebhooks({
      [type]: { endpoint, headers: [{ header_name: 'a', header_value: 'hush', value: 'hush' }] },
    }),
    `/capabilities/webhooks/${type}/headers/0/value`,
    'header_value',
  ],
  ['webhooks', { capabilities: { webHooks: {} } }, '/capabilities/webHooks', '"webhooks"'],
  ['webhooks in place', { webhooks: {} }, '/webhooks', 'inside of capabilities'],
  ['capabilities', { capabilites: {} }, '/capabilites', '"capabilities"'],
])('says that a field has no effect where %s is meant [WH-1.2]', (_, manifest, path, meant) => {
  const found = diagnoseManifest(manifest)
  expect(found.map(each => each.path)).toEqual([path])
  expect(found[0]?.message).toContain(meant)
  expect(JSON.stringify(found)).not.toContain('hush')
})

test('says nothing about a manifest whose webhooks all act, whatever else it has [WH-1.2]', () => {
  const webhooks = Object.fromEntries(
    webhookEventTypes.map(known => [known, { endpoint, max_retries: 1, headers: [] }]),
  )
  const manifest = {
    client_name: 'x',
    scope: 'msg.consumer',
    capabilities: { engagements: {}, webhooks: { ...webhooks, retry: { retention_time: 2 } } },
  }
  expect([manifest, {}, { capabilities: {} }, undefined, []].flatMap(diagnoseManifest)).toEqual([])
})
