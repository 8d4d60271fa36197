import * as z from 'zod'
import { toReceived } from '../primitives/received.ts'
import { SentAgentLoginResponseSchema } from './sent.ts'

/** The body of an agent's login. Rule: EP-18. */
export const AgentLoginRequestSchema = z.looseObject({
  username: z.string().min(1),
  password: z.string().min(1),
})
export type AgentLoginRequest = z.infer<typeof AgentLoginRequestSchema>

/** A session of an agent: its bearer token, which ends after `sessionTTl` seconds, who it is of, and the hosts of all services. Rule: EP-18. */
export const AgentLoginResponseSchema = toReceived(SentAgentLoginResponseSchema)
export type AgentLoginResponse = z.infer<typeof AgentLoginResponseSchema>
