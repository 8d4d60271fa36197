import { type ChatState, errorCatalogue, type ParticipantRole } from '@sendbox/schema'
import { actAsAgent } from '../agent/act-as-agent.ts'
import { type AgentActionInput, AgentActionSchema } from '../agent/action.ts'
import { parseInput } from '../parse-input.ts'
import type { Services } from '../services.ts'
import type { ConversationKey } from '../store/state-store.ts'

/** A file that an agent sends. */
export interface AgentFile {
  /** @default a PNG of one pixel */
  readonly bytes?: Uint8Array
  /** @default 'PNG' */
  readonly fileType?: string
  readonly caption?: string
  /** A data URL. */
  readonly preview?: string
}

/** Where a conversation goes on: with another skill, another agent, both, or as before, where it waits for an agent. */
export interface AgentTransfer {
  readonly skillId?: string
  readonly toAgentId?: string
}

/** The agent's side of one conversation; each method rejects where the model refuses it, and says why. */
export interface Agent {
  /** Takes part from now on. @default 'ASSIGNED_AGENT' Rule: WH-5. */
  join(role?: Exclude<ParticipantRole, 'CONSUMER'>): Promise<void>
  /** Takes part no longer; changes nothing where the agent does not. */
  leave(): Promise<void>
  /** Publishes a text, with buttons below it where there are any, and resolves with its number. Rule: SEQ-2. */
  say(text: string, quickReplies?: Readonly<Record<string, unknown>>): Promise<number>
  /** Sets the agent's chat state. @default 'COMPOSING' */
  type(chatState?: ChatState): Promise<void>
  /** Keeps a file as if it had been uploaded, publishes it, and resolves with its number. Rule: PUB-3. */
  sendFile(file?: AgentFile): Promise<number>
  /** Publishes a card, such as `{type: 'button', …}`, and resolves with its number. Rule: PUB-9. */
  sendCard(card: Readonly<Record<string, unknown>> & { readonly type: string }): Promise<number>
  /** Accepts the messages with these numbers, or the consumer's last one. */
  accept(sequenceList?: readonly number[]): Promise<number>
  /** Reads the messages with these numbers, or the consumer's last one. */
  read(sequenceList?: readonly number[]): Promise<number>
  /** Takes part no longer, and lets another skill or agent go on, or whoever takes it up. */
  transfer(transfer?: AgentTransfer): Promise<void>
  /** Ends the open dialog: the main one, after which a survey opens where one is due, or the survey. Rules: UPD-3, UPD-3a. */
  close(): Promise<void>
  /** Ends the main dialog and opens a survey in any case. */
  startSurvey(): Promise<void>
}

/** Gives the agent's side of a conversation. */
export function createAgent(key: ConversationKey, agentId: string, service: Services): Agent {
  const act = async (action: AgentActionInput): Promise<number> => {
    const reply = await actAsAgent(parseInput(AgentActionSchema, action, 'action'), key, service)
    if (reply.ok) return Number(reply.body['sequence'] ?? 0)
    const { details } = errorCatalogue[reply.errorCode]
    throw new Error(
      `Agent "${agentId}" cannot ${action.action} in ${key.conversationId}: ${reply.errorCode} ${details}`,
    )
  }
  const receipt = (action: 'accept' | 'read', sequenceList?: readonly number[]) =>
    act({ action, agentId, ...(sequenceList && { sequenceList: [...sequenceList] }) })
  return {
    join: async role => {
      await act({ action: 'join', agentId, role })
    },
    leave: async () => {
      await act({ action: 'leave', agentId })
    },
    say: (text, quickReplies) => act({ action: 'say', agentId, text, quickReplies }),
    type: async (chatState = 'COMPOSING') => {
      await act({ action: 'type', agentId, chatState })
    },
    sendFile: ({ bytes, ...file } = {}) => {
      const base64 = bytes && Buffer.from(bytes).toString('base64')
      return act({ action: 'sendFile', agentId, base64, ...file })
    },
    sendCard: card => act({ action: 'sendCard', agentId, card }),
    accept: sequenceList => receipt('accept', sequenceList),
    read: sequenceList => receipt('read', sequenceList),
    transfer: async ({ skillId, toAgentId } = {}) => {
      await act({ action: 'transfer', agentId, skillId, toAgentId })
    },
    close: async () => {
      await act({ action: 'close', agentId })
    },
    startSurvey: async () => {
      await act({ action: 'startSurvey', agentId })
    },
  }
}
