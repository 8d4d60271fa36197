import * as z from 'zod'

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

/** A participant of a conversation. Rule: WH-4. */
export const ParticipantSchema = z.strictObject({ id: z.string(), role: ParticipantRoleSchema })
export type Participant = z.infer<typeof ParticipantSchema>
