import * as z from 'zod'
import { toReceived } from './received.ts'

/** The roles of a participant. Rule: WH-5. */
export const ParticipantRoleSchema = z.enum([
  'CONSUMER',
  'ASSIGNED_AGENT',
  'AGENT',
  'MANAGER',
  'READER',
  'CONTROLLER',
])
export type ParticipantRole = z.infer<typeof ParticipantRoleSchema>

/** A participant as the mock sends it. Rule: WH-4. */
export const SentParticipantSchema = z.strictObject({
  id: z.string(),
  role: ParticipantRoleSchema,
})
export type SentParticipant = z.infer<typeof SentParticipantSchema>

/** A participant of a conversation. Rule: WH-4. */
export const ParticipantSchema = toReceived(SentParticipantSchema)
export type Participant = z.infer<typeof ParticipantSchema>
