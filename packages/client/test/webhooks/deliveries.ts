import { createHmac } from 'node:crypto'
import type {
  ConversationDetails,
  ExConversationChangeNotification,
  MessagingEventChange,
  MessagingEventNotification,
  NotifiedEvent,
} from '@sendbox/schema'
import type { WebhookDelivery } from '../../src/webhooks/verify.ts'

export const secret = 'the-secret'
export const install = { accountId: '12345678', clientId: 'client-1' } as const
export const agent = { id: 'agent-1', role: 'ASSIGNED_AGENT' } as const
export const consumer = { id: 'consumer-1', role: 'CONSUMER' } as const

type Change = Partial<Omit<MessagingEventChange, 'event'>>

export const notify = (event: NotifiedEvent, change: Change = {}): MessagingEventNotification => {
  const { conversationId = 'conv-1', originatorMetadata = agent } = change
  return {
    kind: 'notification',
    body: {
      changes: [
        {
          originatorId: originatorMetadata.id,
          originatorMetadata,
          dialogId: conversationId,
          conversationId,
          ...change,
          event,
        },
      ],
    },
    type: 'ms.MessagingEventNotification',
  }
}

/** A text message whose text is its number. */
export const numbered = (sequence: number, change: Change = {}): MessagingEventNotification =>
  notify(
    { type: 'ContentEvent', message: String(sequence), contentType: 'text/plain' },
    { sequence, ...change },
  )

export const chatState = (
  state: 'COMPOSING' | 'ACTIVE',
  change: Change = {},
): MessagingEventNotification => notify({ type: 'ChatStateEvent', chatState: state }, change)

export const changed = (
  details: ConversationDetails,
  convId = 'conv-1',
): ExConversationChangeNotification => ({
  kind: 'notification',
  body: {
    changes: [
      { type: 'UPSERT', result: { convId, effectiveTTR: -1, conversationDetails: details } },
    ],
  },
  type: 'cqm.ExConversationChangeNotification',
})

/** Signature and install of a delivery; by default those of `secret` and `install`. */
interface Signing {
  readonly key?: string
  readonly algorithm?: string
  readonly accountId?: string
  readonly clientId?: string
}

/** Header fields of a signed body, independent of the package's own signing. */
export const headersOf = (
  body: Uint8Array | string,
  { key = secret, algorithm = 'sha1', ...from }: Signing = {},
): Record<string, string> => {
  const hash = createHmac(algorithm, key).update(body).digest('base64')
  const { accountId, clientId } = { ...install, ...from }
  return {
    'content-type': 'application/json;charset=utf-8',
    'x-liveperson-account-id': accountId,
    'x-liveperson-client-id': clientId,
    'x-liveperson-signature': `${algorithm}=${hash}`,
  }
}

/** A signed delivery of a value as JSON, or of a text unchanged. */
export const deliver = (value: unknown, signing?: Signing): WebhookDelivery => {
  const body = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
  return { headers: headersOf(body, signing), body }
}
