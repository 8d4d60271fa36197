import { ChatStateSchema, ParticipantRoleSchema, SequenceSchema } from '@sendbox/schema'
import { z } from 'zod'

const Base64Schema = z.base64()

/** A PNG of one pixel. */
const smallestPng =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

const actorShape = {
  agentId: z.string().min(1).default('agent-1'),
  /**
   * Role of an agent who joins. Rule: WH-5.
   * @default 'ASSIGNED_AGENT'
   */
  role: ParticipantRoleSchema.exclude(['CONSUMER']).default('ASSIGNED_AGENT'),
}

const sequenceList = z.array(SequenceSchema).min(1).optional()

/**
 * An action of a conversation's agent, who joins if absent. `accept` and `read` without numbers are for the consumer's last message;
 * `transfer` removes the agent for another skill or agent; `close` closes the open dialog, after the main one a survey opens if due (UPD-3a);
 * `startSurvey` opens one, due or not.
 */
export const AgentActionSchema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('join'), ...actorShape }),
  z.strictObject({ action: z.literal('leave'), ...actorShape }),
  z.strictObject({
    action: z.literal('say'),
    ...actorShape,
    text: z.string(),
    /** Buttons below the text. Rule: WH-4. */
    quickReplies: z.looseObject({}).optional(),
  }),
  z.strictObject({
    action: z.literal('type'),
    ...actorShape,
    chatState: ChatStateSchema.default('COMPOSING'),
  }),
  z.strictObject({
    action: z.literal('sendFile'),
    ...actorShape,
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
    /** The element of structured content, with its buttons. Rule: PUB-9. */
    card: z.looseObject({ type: z.string() }),
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
  z.strictObject({ action: z.literal('close'), ...actorShape }),
  z.strictObject({ action: z.literal('startSurvey'), ...actorShape }),
])
export type AgentAction = z.output<typeof AgentActionSchema>
export type AgentActionInput = z.input<typeof AgentActionSchema>
