import type { WebhookEventType } from '@sendbox/schema'
import type { Command } from '../model/command.ts'
import type { ConversationState, DialogEvent } from '../model/conversation-state.ts'
import { reduce } from '../model/reduce.ts'
import type { WebhookSettings } from '../settings.ts'
import { type OutgoingNotification, toNotifications } from './to-notifications.ts'

const text = 'A test of this webhook'

const consumer = { id: 'webhook-test-consumer', role: 'CONSUMER' } as const
const agent = { id: 'webhook-test-agent', role: 'ASSIGNED_AGENT' } as const

const message: DialogEvent = { type: 'ContentEvent', contentType: 'text/plain', message: text }

/** The last step of the conversation that a test notification is about; its first steps are that it is opened, and the consumer's text. */
const lastSteps: Readonly<Record<WebhookEventType, DialogEvent | 'join'>> = {
  'ms.MessagingEventNotification.ContentEvent': message,
  'ms.MessagingEventNotification.RichContentEvent': {
    type: 'RichContentEvent',
    content: { type: 'vertical', elements: [{ type: 'text', text }] },
  },
  'ms.MessagingEventNotification.AcceptStatusEvent': {
    type: 'AcceptStatusEvent',
    status: 'READ',
    sequenceList: [0],
  },
  'ms.MessagingEventNotification.ChatStateEvent': {
    type: 'ChatStateEvent',
    chatState: 'COMPOSING',
  },
  'cqm.ExConversationChangeNotification': 'join',
}

function toCommands(eventType: WebhookEventType, conversationId: string): Command[] {
  const { [eventType]: last } = lastSteps
  const place = { type: 'publish', dialogId: conversationId } as const
  return [
    { type: 'open', conversationId, consumerId: consumer.id, request: {}, features: [] },
    { ...place, participant: consumer, event: message },
    last === 'join'
      ? { type: 'join', participant: agent }
      : { ...place, participant: agent, event: last },
  ]
}

/** The account of a test notification, its conversation, which nobody has, and its time in ms since the epoch. */
interface TestedAccount {
  readonly accountId: string
  readonly conversationId: string
  readonly now: number
}

/** Creates a notification of a type as the mock sends it; its conversation, consumer and agent are plainly those of a test. Rules: WH-4, WH-7. */
export function createTestNotification(
  eventType: WebhookEventType,
  { accountId, conversationId, now }: TestedAccount,
  settings: WebhookSettings,
): OutgoingNotification | undefined {
  const environment = {
    now,
    survey: false,
    isStrict: false,
    isUploaded: () => false,
    newDialogId: () => conversationId,
  }
  let state: ConversationState | undefined
  let created: OutgoingNotification | undefined
  for (const command of toCommands(eventType, conversationId)) {
    const { state: next, events } = reduce(state, command, environment)
    if (next === undefined) return undefined
    state = next
    const changed = { accountId, state, events, now }
    created = toNotifications(changed, settings, type => type === eventType).at(-1) ?? created
  }
  return created
}
