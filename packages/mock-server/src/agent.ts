import { type ChatState, errorCatalogue } from '@sendbox/schema'
import { type AgentActionInput, AgentActionSchema, actAsAgent } from './agent-action.ts'
import type { Service } from './service.ts'
import type { ConversationKey } from './state-store.ts'

/** The agent's side of one conversation; each method rejects where the model refuses it, and says why. */
export interface Agent {
  /** Takes part from now on, as an ASSIGNED_AGENT. Rule: WH-5. */
  join(): Promise<void>
  /** Publishes a text, and resolves with its number. Rule: SEQ-2. */
  say(text: string): Promise<number>
  /** Sets the agent's chat state. @default 'COMPOSING' */
  type(chatState?: ChatState): Promise<void>
  /** Accepts the messages with these numbers, or the consumer's last one. */
  accept(sequenceList?: readonly number[]): Promise<number>
  /** Reads the messages with these numbers, or the consumer's last one. */
  read(sequenceList?: readonly number[]): Promise<number>
  /** Ends the main dialog; a survey opens where one is due. Rules: UPD-3, UPD-3a. */
  close(): Promise<void>
  /** Ends the main dialog and opens a survey in any case. */
  startSurvey(): Promise<void>
}

/** Gives the agent's side of a conversation. */
export function createAgent(key: ConversationKey, agentId: string, service: Service): Agent {
  const act = async (action: AgentActionInput): Promise<number> => {
    const reply = await actAsAgent(AgentActionSchema.parse(action), key, service)
    if (reply.ok) return Number(reply.body['sequence'] ?? 0)
    const { details } = errorCatalogue[reply.errorCode]
    throw new Error(
      `Agent "${agentId}" cannot ${action.action} in ${key.conversationId}: ${reply.errorCode} ${details}`,
    )
  }
  const receipt = (action: 'accept' | 'read', sequenceList?: readonly number[]) =>
    act({ action, agentId, ...(sequenceList && { sequenceList: [...sequenceList] }) })
  return {
    join: async () => {
      await act({ action: 'join', agentId })
    },
    say: text => act({ action: 'say', agentId, text }),
    type: async (chatState = 'COMPOSING') => {
      await act({ action: 'type', agentId, chatState })
    },
    accept: sequenceList => receipt('accept', sequenceList),
    read: sequenceList => receipt('read', sequenceList),
    close: async () => {
      await act({ action: 'close', agentId })
    },
    startSurvey: async () => {
      await act({ action: 'startSurvey', agentId })
    },
  }
}
