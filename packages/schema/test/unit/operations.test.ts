import { expect, expectTypeOf, test } from 'vitest'
import {
  type EventType,
  errorCatalogue,
  errorCodes,
  isRecord,
  type NotifiedEvent,
  operations,
  type PublishedEvent,
  ruleById,
  rules,
  type SentNotifiedEvent,
  toPath,
  type UnknownTag,
  type WebhookEventType,
  webhookEventTypes,
} from '../../src/index.ts'

test('fills a path template with percent-encoded segments', () => {
  expect(toPath(operations.send.path, { accountId: 'a/b c' })).toBe(
    '/api/account/a%2Fb%20c/messaging/consumer/conversation/send',
  )
  expect(() => toPath(operations.send.path, {})).toThrow(
    new TypeError(`${operations.send.path} needs the parameter "accountId"`),
  )
})

test('lists each rule once, in an order and with a text, and a source where one is claimed', () => {
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
  expect(ruleById.size).toBe(rules.length)
  for (const { id, text } of rules) {
    expect(id).toMatch(/^(EP|AUTH|REQ|PUB|UPD|PRO|CON|URL|RES|SEQ|CS|LIF|WH)-\d+[a-z]?(\.\d)?$/)
    expect(text.length).toBeGreaterThan(10)
  }
})

test('never lists a split rule beside its parts', () => {
  const ids = new Set<string>(rules.map(({ id }) => id))
  const parents = [...ids].filter(id => id.includes('.')).map(id => id.split('.')[0] ?? '')
  expect(parents.filter(id => ids.has(id))).toEqual([])
})

test('names each error once, with a status, a title and details [RES-7]', () => {
  const codes = Object.values(errorCodes)
  expect(Object.keys(errorCatalogue)).toEqual(codes.map(String).toSorted())
  for (const { status, title, details } of Object.values(errorCatalogue)) {
    expect(status).toBeGreaterThanOrEqual(400)
    expect(title).toMatch(/^[A-Z]/)
    expect(details.length).toBeGreaterThan(10)
  }
  expect(errorCatalogue[errorCodes.conversationClosed]).toEqual({
    status: 400,
    title: 'Bad Request',
    details: 'Conversation is close',
    rules: ['LIF-2.1', 'LIF-2.2', 'RES-7'],
  })
})

test('gives documented errors the titles that are documented [AUTH-6, AUTH-8]', () => {
  const titles = [40001, 40102, 40103, 40104, 40105] as const
  expect(titles.map(code => errorCatalogue[code].title)).toEqual([
    'Missing parameter',
    'Invalid AppJWT',
    'Invalid ConsumerJWS',
    'ConsumerJWS is missing',
    'AppJWT is missing',
  ])
})

test('derives the types of webhooks from those of events [WH-1.1]', () => {
  expect(webhookEventTypes).toEqual([
    'ms.MessagingEventNotification.ContentEvent',
    'ms.MessagingEventNotification.RichContentEvent',
    'ms.MessagingEventNotification.AcceptStatusEvent',
    'ms.MessagingEventNotification.ChatStateEvent',
    'cqm.ExConversationChangeNotification',
  ])
  expectTypeOf<WebhookEventType>().toEqualTypeOf<
    `ms.MessagingEventNotification.${EventType}` | 'cqm.ExConversationChangeNotification'
  >()
  expectTypeOf<NotifiedEvent['type']>().toEqualTypeOf<EventType | UnknownTag>()
  expectTypeOf<SentNotifiedEvent['type']>().toEqualTypeOf<EventType>()
  expectTypeOf<PublishedEvent['type']>().toEqualTypeOf<EventType>()
})

test.each([
  [{}, true],
  [Object.create(null), true],
  [[], false],
  [null, false],
  ['text', false],
  [undefined, false],
])('of %j, isRecord is %s', (value, expected) => {
  expect(isRecord(value)).toBe(expected)
})
