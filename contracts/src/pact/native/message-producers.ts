import type { MockAccount } from '@sendbox/mock-server'
import { type Notification, NotificationSchema, type NotifiedEvent } from '@sendbox/schema'
import type { NotificationReceiver } from '../../traces/notification-receiver.ts'
import { notifications } from '../interactions.ts'
import type { MessageProducer } from './provider.ts'

type Agent = ReturnType<MockAccount['agent']>

/** How a message comes about, and how it is told from the others of its conversation. */
interface Production {
  readonly description: string
  readonly act: (agent: Agent) => Promise<unknown>
  readonly isMeant: (notification: Notification) => boolean
}

const tellsOf =
  (type: NotifiedEvent['type'], role: 'ASSIGNED_AGENT' | 'CONSUMER' = 'ASSIGNED_AGENT') =>
  ({ type: notificationType, body }: Notification): boolean => {
    const [change] = body.changes
    return (
      notificationType === 'ms.MessagingEventNotification' &&
      'event' in change &&
      change.event.type === type &&
      change.originatorMetadata.role === role
    )
  }

const tellsOfStage =
  (stage: 'OPEN' | 'CLOSE') =>
  ({ body }: Notification): boolean => {
    const [change] = body.changes
    return 'result' in change && change.result.conversationDetails.stage === stage
  }

const none = async (): Promise<void> => undefined

const productions: readonly Production[] = [
  {
    ...notifications.text,
    act: agent => agent.say('How can I help?'),
    isMeant: tellsOf('ContentEvent'),
  },
  { ...notifications.echo, act: none, isMeant: tellsOf('ContentEvent', 'CONSUMER') },
  {
    ...notifications.file,
    act: agent => agent.sendFile({ caption: 'Look' }),
    isMeant: tellsOf('ContentEvent'),
  },
  {
    ...notifications.card,
    act: agent => agent.sendCard({ type: 'button', title: 'Yes' }),
    isMeant: tellsOf('RichContentEvent'),
  },
  {
    ...notifications.receipt,
    act: agent => agent.read([0]),
    isMeant: tellsOf('AcceptStatusEvent'),
  },
  { ...notifications.chatState, act: agent => agent.type(), isMeant: tellsOf('ChatStateEvent') },
  { ...notifications.opened, act: none, isMeant: tellsOfStage('OPEN') },
  { ...notifications.closed, act: none, isMeant: tellsOfStage('CLOSE') },
]

async function findNext(
  { isMeant }: Production,
  receiver: NotificationReceiver,
  conversationId: string,
): Promise<Notification> {
  for (;;) {
    const { json } = await receiver.next(conversationId)
    const notification = NotificationSchema.parse(json)
    if (isMeant(notification)) return notification
  }
}

/** Produces the messages of the contract with a mock's account: each is what the mock's webhooks were told. */
export const createMessageProducers = (
  { agent }: Pick<MockAccount, 'agent'>,
  receiver: NotificationReceiver,
): Record<string, MessageProducer> =>
  Object.fromEntries(
    productions.map(production => [
      production.description,
      async ({ conversationId }) => {
        if (conversationId === undefined) throw new Error('No provider state gave a conversation')
        await production.act(agent(conversationId))
        return findNext(production, receiver, conversationId)
      },
    ]),
  )
