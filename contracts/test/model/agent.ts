import type { Command } from '@sendbox/mock-server/model'
import { ChatStateSchema } from '@sendbox/schema'
import { z } from 'zod'

/** A command of the model. */
export type ModelCommand = Command

const agentId = z.string().default('agent-1')

/** The actions of the control API that the model supports. */
const ActionSchema = z.discriminatedUnion('action', [
  z.looseObject({ action: z.enum(['join', 'close', 'startSurvey']), agentId }),
  z.looseObject({ action: z.literal('say'), agentId, text: z.string() }),
  z.looseObject({
    action: z.literal('type'),
    agentId,
    chatState: ChatStateSchema.default('COMPOSING'),
  }),
  z.looseObject({
    action: z.enum(['accept', 'read']),
    agentId,
    sequenceList: z.array(z.int()),
  }),
])

/** Converts an action of the control API to commands: the agent joins, then acts. */
export function toAgentCommands(action: unknown, dialogId: string): ModelCommand[] {
  const act = ActionSchema.parse(action)
  const participant = { id: act.agentId, role: 'ASSIGNED_AGENT' } as const
  const join = { type: 'join', participant } as const
  const publish = { type: 'publish', participant, dialogId } as const
  switch (act.action) {
    case 'join':
      return [join]
    case 'close':
      return [{ type: 'endDialog', participant }]
    case 'startSurvey':
      return [{ type: 'startSurvey', participant }]
    case 'say': {
      const event = { type: 'ContentEvent', contentType: 'text/plain', message: act.text } as const
      return [join, { ...publish, event }]
    }
    case 'type':
      return [join, { ...publish, event: { type: 'ChatStateEvent', chatState: act.chatState } }]
    case 'accept':
    case 'read': {
      const status = act.action === 'accept' ? 'ACCEPT' : 'READ'
      const { sequenceList } = act
      return [join, { ...publish, event: { type: 'AcceptStatusEvent', status, sequenceList } }]
    }
  }
}
