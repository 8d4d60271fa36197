import * as z from 'zod'
import { schemaRules } from '../primitives/rule-metadata.ts'

/** The activity of a participant; `COMPOSING` lasts until another state is sent. Rules: PUB-7, CS-2. */
export const ChatStateSchema = z
  .enum(['ACTIVE', 'INACTIVE', 'GONE', 'COMPOSING', 'PAUSE'])
  .register(schemaRules, { rule: 'PUB-7' })
export type ChatState = z.infer<typeof ChatStateSchema>

/** A change of a participant's chat state; it has no sequence number. Rules: PUB-7, SEQ-4. */
export const ChatStateEventSchema = z
  .looseObject({ type: z.literal('ChatStateEvent'), chatState: ChatStateSchema })
  .register(schemaRules, { rule: 'PUB-7' })
export type ChatStateEvent = z.infer<typeof ChatStateEventSchema>
