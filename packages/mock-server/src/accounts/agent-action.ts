import {
  boundedArray,
  ChatStateSchema,
  MetadataSchema,
  messagingEventType,
  ParticipantRoleSchema,
  SequenceSchema,
} from '@sendbox/schema'
import { z } from 'zod'

const Base64Schema = z.base64()

/** A PNG of one pixel. */
const smallestPng =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** A text with a button to press, as a card without content would say nothing. */
const smallestCard = {
  type: 'vertical',
  elements: [
    { type: 'text', text: 'Is this what you need?' },
    {
      type: 'button',
      title: 'Yes',
      click: { actions: [{ type: 'publishText', text: 'Yes' }] },
    },
  ],
}

const actorShape = {
  /** @default 'agent-1'; in a bot's script the bot */
  agentId: z.string().min(1).optional(),
  /**
   * Role of an agent who joins. Rule: WH-5.
   * @default 'ASSIGNED_AGENT'
   */
  role: ParticipantRoleSchema.exclude(['CONSUMER']).default('ASSIGNED_AGENT'),
}

const contentShape = {
  /** Repeated by the notification. Rule: WH-4c. */
  metadata: boundedArray(MetadataSchema).optional(),
  /** Buttons below the message. Rule: WH-4. */
  quickReplies: z.looseObject({}).optional(),
  /** `AGENTS_AND_MANAGERS` makes it a private note. Rule: WH-4a. @default 'ALL', if the settings name audiences */
  messageAudience: z.enum(['ALL', 'AGENTS_AND_MANAGERS']).optional(),
}

const sequenceList = boundedArray(SequenceSchema).min(1).optional()

/**
 * An action of a conversation's agent, who joins if absent. `accept` and `read` without numbers are for the consumer's last message;
 * `transfer` removes the agent for another skill or agent; `close` closes the open dialog, after the main one a survey opens if due (UPD-3a);
 * `startSurvey` opens one, due or not; `openCoBrowse` and `closeCoBrowse` open and close a dialog for a CoBrowse session. `raw` sends a
 * notification of these changes to the account's webhooks, and changes no state.
 */
export const AgentActionSchema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('join'), ...actorShape }),
  z.strictObject({ action: z.literal('leave'), ...actorShape }),
  z.strictObject({
    action: z.literal('say'),
    ...actorShape,
    ...contentShape,
    text: z.string(),
  }),
  z.strictObject({
    action: z.literal('type'),
    ...actorShape,
    chatState: ChatStateSchema.default('COMPOSING'),
  }),
  z.strictObject({
    action: z.literal('sendFile'),
    ...actorShape,
    ...contentShape,
    /** The bytes of the file, in base64. @default a PNG of one pixel */
    base64: Base64Schema.default(smallestPng),
    fileType: z.string().min(1).default('PNG'),
    caption: z.string().optional(),
    /** A data URL. */
    preview: z.string().optional(),
  }),
  z.strictObject({
    action: z.literal('sendCard'),
    ...actorShape,
    ...contentShape,
    /** The element of structured content, with its buttons. @default a text with a button. Rule: PUB-9. */
    card: z.looseObject({ type: z.string() }).default(smallestCard),
  }),
  z.strictObject({
    action: z.literal('sendSecureForm'),
    ...actorShape,
    formId: z.string().min(1),
    title: z.string(),
    /** Whether the consumer submits the form next. @default false */
    submit: z.boolean().default(false),
  }),
  z.strictObject({
    action: z.literal('sendExternalFile'),
    ...actorShape,
    url: z.url(),
    fileType: z.string().min(1),
  }),
  z.strictObject({ action: z.literal('accept'), ...actorShape, sequenceList }),
  z.strictObject({ action: z.literal('read'), ...actorShape, sequenceList }),
  z.strictObject({
    action: z.literal('transfer'),
    ...actorShape,
    /** @default the one that the conversation has */
    skillId: z.string().min(1).optional(),
    /** @default nobody: the conversation waits for an agent */
    toAgentId: z.string().min(1).optional(),
  }),
  z.strictObject({
    action: z.literal('close'),
    ...actorShape,
    /** Of the dialog. Rule: UPD-3. */
    closedCause: z.string().optional(),
    /** Of the conversation, if it closes. Rule: WH-4. @default 'AGENT' */
    closeReason: z.enum(['CONSUMER', 'AGENT', 'TIMEOUT']).optional(),
  }),
  z.strictObject({ action: z.literal('startSurvey'), ...actorShape }),
  z.strictObject({ action: z.literal('openCoBrowse'), ...actorShape }),
  z.strictObject({ action: z.literal('closeCoBrowse'), ...actorShape }),
  z.strictObject({
    action: z.literal('raw'),
    /** The `type` of the notification. @default 'ms.MessagingEventNotification' */
    type: z.string().default(messagingEventType),
    /** The changes as they are sent, whatever they are. */
    changes: boundedArray(z.unknown()),
  }),
])
export type AgentAction = z.output<typeof AgentActionSchema>
export type AgentActionInput = z.input<typeof AgentActionSchema>
