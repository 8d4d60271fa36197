import type { MockAccount } from '@sendbox/mock-server'
import { type Notification, NotificationSchema, type NotifiedEvent } from '@sendbox/schema'
import { notifications } from '../pact/interactions.ts'
import type { ProviderStateValues } from '../pact/states.ts'
import type { NotificationReceiver } from '../traces/notification-receiver.ts'

type Agent = ReturnType<MockAccount['agent']>

/** How the mock is made to send a message, and how the message is recognized. */
interface Production {
  readonly act: (agent: Agent) => Promise<unknown>
  readonly matches: (notification: Notification) => boolean
}

const hasEvent =
  (type: NotifiedEvent['type'], role: 'ASSIGNED_AGENT' | 'CONSUMER' = 'ASSIGNED_AGENT') =>
  (notification: Notification): boolean =>
    notification.type === 'ms.MessagingEventNotification' &&
    notification.body.changes.some(
      ({ event, originatorMetadata }) => event.type === type && originatorMetadata.role === role,
    )

const hasStage =
  (stage: 'OPEN' | 'CLOSE') =>
  (notification: Notification): boolean =>
    notification.type === 'cqm.ExConversationChangeNotification' &&
    notification.body.changes.some(
      change => change.type === 'UPSERT' && change.result.conversationDetails.stage === stage,
    )

const none = async (): Promise<void> => undefined

const productions: Readonly<Record<keyof typeof notifications, Production>> = {
  text: { act: agent => agent.say('How can I help?'), matches: hasEvent('ContentEvent') },
  echo: { act: none, matches: hasEvent('ContentEvent', 'CONSUMER') },
  file: { act: agent => agent.sendFile({ caption: 'Look' }), matches: hasEvent('ContentEvent') },
  card: {
    act: agent => agent.sendCard({ type: 'button', title: 'Yes' }),
    matches: hasEvent('RichContentEvent'),
  },
  receipt: { act: agent => agent.read([0]), matches: hasEvent('AcceptStatusEvent') },
  chatState: { act: agent => agent.type(), matches: hasEvent('ChatStateEvent') },
  opened: { act: none, matches: hasStage('OPEN') },
  closed: { act: none, matches: hasStage('CLOSE') },
}

const byDescription = new Map<string, Production>(
  Object.entries(notifications).map(([name, { description }]) => [
    description,
    productions[name as keyof typeof notifications],
  ]),
)

/** Whether the mock can be made to send the message of a description: it is one of Sendbox's own pact. */
export const canProduce = (description: string): boolean => byDescription.has(description)

/** Makes an account of a mock send messages to its webhooks; resolves with the body of the one that is described. */
export const createMessageProducer =
  ({ agent }: Pick<MockAccount, 'agent'>, receiver: NotificationReceiver) =>
  async (description: string, { conversationId }: ProviderStateValues): Promise<Notification> => {
    const production = byDescription.get(description)
    if (production === undefined) throw new Error(`Nothing sends the message "${description}"`)
    if (conversationId === undefined) throw new Error('No provider state gave a conversation')
    await production.act(agent(conversationId))
    for (;;) {
      const { json } = await receiver.next(conversationId)
      const notification = NotificationSchema.parse(json)
      if (production.matches(notification)) return notification
    }
  }
