import { expect, test } from 'vitest'
import { nearestName, nearestWord, serviceNames, webhookEventTypes } from '../../../src/index.ts'

const types = ['ms.PublishEvent', 'cm.UpdateConversationField', 'userprofile.SetUserProfile']

test.each<[string, readonly string[], string | undefined]>([
  ['.ams.ms.PublishEvent', types, 'ms.PublishEvent'],
  ['PublishEvent', types, 'ms.PublishEvent'],
  ['cm.PublishEvnet', types, 'ms.PublishEvent'],
  ['ams_ms_PublishEvent', types, 'ms.PublishEvent'],
  ['MS_PUBLISH_EVENT', types, 'ms.PublishEvent'],
  ['cm.UpdateConversation', types, 'cm.UpdateConversationField'],
  ['messagingRestApi', serviceNames, 'messagingRestApiDomain'],
  ['faas', serviceNames, 'faasGW'],
  ['nothing', serviceNames, undefined],
  ['ContentEvent', webhookEventTypes, 'ms.MessagingEventNotification.ContentEvent'],
  ['x', types, undefined],
  ['', types, undefined],
])('takes the name %s for %o: %s', (name, candidates, expected) => {
  expect(nearestName(name, candidates)).toBe(expected)
})

test.each([
  ['AUTO_MESAGGES', 'AUTO_MESSAGES'],
  ['AUTO_MESAGEZ', 'AUTO_MESSAGES'],
  ['AUTO_MEZAGEZ', undefined],
])('forgives two typos and not three: %s', (word, expected) => {
  expect(nearestWord(word, ['AUTO_MESSAGES', 'RICH_CONTENT'])).toBe(expected)
})
