import { parseNotification, webhookEventTypes } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { createTestNotification } from '../../../src/notifications/test-notification.ts'
import { parseSettings } from '../../../src/settings.ts'

const account = { accountId: '7', conversationId: 'webhook-test-1', now: 1_000_000_000_000 }

test.each(webhookEventTypes)('a test of %s is a notification as the mock sends it', eventType => {
  const { webhooks } = parseSettings({})
  const created = createTestNotification(eventType, account, webhooks)
  expect(created).toMatchObject({ eventType, conversationId: 'webhook-test-1' })
  const body: unknown = JSON.parse(created?.body ?? '')
  expect(parseNotification(body, { mode: 'strict' })).toMatchObject({ ok: true })
})

test('each is about the agent of a test, in a conversation of a test', () => {
  const { webhooks } = parseSettings({})
  const bodies = webhookEventTypes.map(
    eventType => createTestNotification(eventType, account, webhooks)?.body,
  )
  const change = { originatorId: 'webhook-test-agent', conversationId: 'webhook-test-1' }
  const ofEvent = (event: object) => ({ body: { changes: [{ ...change, event }] } })
  expect(bodies.map(body => JSON.parse(body ?? '') as unknown)).toMatchObject(
    webhookEventTypes.map(eventType =>
      eventType === 'cqm.ExConversationChangeNotification'
        ? {
            type: eventType,
            body: {
              changes: [
                {
                  result: {
                    convId: 'webhook-test-1',
                    conversationDetails: {
                      brandId: '7',
                      participants: [
                        { id: 'webhook-test-agent', role: 'ASSIGNED_AGENT' },
                        { id: 'webhook-test-consumer', role: 'CONSUMER' },
                      ],
                    },
                  },
                },
              ],
            },
          }
        : ofEvent({ type: eventType.split('.').at(-1) }),
    ),
  )
})

test('it has the form of the settings', () => {
  const { webhooks } = parseSettings({ webhooks: { form: '2018' } })
  const created = createTestNotification(webhookEventTypes[0], account, webhooks)
  expect(created?.body).not.toContain('"conversationId"')
})
