/**
 * The types of a dialog's events, in the order of webhook registrations. The one list: schemas of published and notified
 * events, {@link webhookEventTypes} and handlers derive from it. Rules: PUB-1.1, WH-1.
 */
export const eventTypes = [
  'ContentEvent',
  'RichContentEvent',
  'AcceptStatusEvent',
  'ChatStateEvent',
] as const

/** One of {@link eventTypes}. */
export type EventType = (typeof eventTypes)[number]

/**
 * The kinds of content that a notified `ContentEvent` has. The name of an external file's is not public: this one is our choice.
 * Rules: PUB-2a.1, PUB-2a.2.
 */
export const contentTypes = [
  'text/plain',
  'hosted/file',
  'external/file',
  'forms/secure-invitation',
  'forms/secure-submission',
] as const

/** The `type` of a notification of one event. Rule: WH-4. */
export const messagingEventType = 'ms.MessagingEventNotification'

/** The `type` of a notification of a changed conversation. Rules: WH-4, WH-7. */
export const conversationChangeType = 'cqm.ExConversationChangeNotification'

/** Returns the type that a webhook is registered for to receive events of this type. Rule: WH-1. */
export const toWebhookEventType = <Type extends EventType>(
  type: Type,
): `${typeof messagingEventType}.${Type}` => `${messagingEventType}.${type}`

type WebhookTypes<Types extends readonly EventType[]> = {
  -readonly [Index in keyof Types]: `${typeof messagingEventType}.${Types[Index]}`
}

/** The types that a webhook can be registered for: the events of a dialog and the change of a conversation. Rule: WH-1. */
export const webhookEventTypes = [
  ...(eventTypes.map(toWebhookEventType) as WebhookTypes<typeof eventTypes>),
  conversationChangeType,
] as const

/** One of {@link webhookEventTypes}. */
export type WebhookEventType = (typeof webhookEventTypes)[number]

/** Lists a schema for each event type as the options of a union; a missing type does not compile. */
export const eventOptions = <Schemas extends Record<EventType, unknown>>(
  schemas: Schemas,
): [Schemas[keyof Schemas], ...Schemas[keyof Schemas][]] =>
  Object.values(schemas) as [Schemas[keyof Schemas], ...Schemas[keyof Schemas][]]
