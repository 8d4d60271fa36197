import {
  ExConversationChangeNotificationSchema,
  MessagingEventNotificationSchema,
} from '../../src/notifications/notification.ts'
import type { Components } from './components.ts'
import { toJsonContent } from './content.ts'
import { toRuleList, toRuleRefs } from './rule-refs.ts'

const notifications = [
  {
    operationId: 'notifyMessagingEvent',
    type: 'ms.MessagingEventNotification',
    summary: 'Tells of an event of a conversation',
    schema: MessagingEventNotificationSchema,
    rules: ['WH-2', 'WH-3', 'WH-4.1', 'WH-9'],
  },
  {
    operationId: 'notifyConversationChange',
    type: 'cqm.ExConversationChangeNotification',
    summary: 'Tells of a changed conversation',
    schema: ExConversationChangeNotificationSchema,
    rules: ['WH-2', 'WH-3', 'WH-4.1', 'WH-7', 'WH-9'],
  },
] as const

const headers = [
  ['x-liveperson-account-id', 'The account.'],
  ['x-liveperson-client-id', 'The client id of the app install.'],
  ['x-liveperson-signature', 'The signature of the exact bytes of the body. Rule: WH-3.'],
] as const

const responses = Object.fromEntries(
  [200, 201].map(status => [status, { description: 'The notification was delivered' }]),
)

/** Writes the notifications that a connector is sent. Rules: WH-2 to WH-4, WH-9. */
export const createWebhooks = (components: Components): Record<string, unknown> =>
  Object.fromEntries(
    notifications.map(({ operationId, type, summary, schema, rules }) => [
      type,
      {
        post: {
          operationId,
          summary,
          description: toRuleList(rules),
          security: [],
          parameters: headers.map(([name, description]) => ({
            name,
            in: 'header',
            required: true,
            description,
            schema: { type: 'string' },
          })),
          requestBody: { required: true, content: toJsonContent(schema, components) },
          responses,
          'x-sendbox-rules': toRuleRefs(rules),
        },
      },
    ]),
  )
