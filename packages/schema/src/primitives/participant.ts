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
