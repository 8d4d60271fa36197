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

/** Target of a transfer: a skill, an agent, both, or none, where the conversation waits for any agent. */
export interface AgentTransfer {
  readonly skillId?: string
  readonly toAgentId?: string
}

/** The agent's side of one conversation; each method rejects with the reason if the model refuses it. */
export interface Agent {
  /** Joins the conversation. @default 'ASSIGNED_AGENT' Rule: WH-5. */
  join(role?: Exclude<ParticipantRole, 'CONSUMER'>): Promise<void>
  /** Leaves the conversation; no effect if the agent has not joined. */
  leave(): Promise<void>
  /** Publishes a text, with quick replies if given; resolves with its sequence. Rule: SEQ-2. */
  say(text: string, quickReplies?: Readonly<Record<string, unknown>>): Promise<number>
  /** Sets the agent's chat state. @default 'COMPOSING' */
  type(chatState?: ChatState): Promise<void>
  /** Stores a file as if uploaded and publishes it; resolves with its sequence. Rule: PUB-3. */
  sendFile(file?: AgentFile): Promise<number>
  /** Publishes a card, such as `{type: 'button', …}`; resolves with its sequence. Rule: PUB-9. */
  sendCard(card: Readonly<Record<string, unknown>> & { readonly type: string }): Promise<number>
  /** Accepts the messages with these sequences. @default the consumer's last one */
  accept(sequenceList?: readonly number[]): Promise<number>
  /** Reads the messages with these sequences. @default the consumer's last one */
  read(sequenceList?: readonly number[]): Promise<number>
  /** Leaves, and transfers the conversation to a skill, an agent, or any agent. */
  transfer(transfer?: AgentTransfer): Promise<void>
  /** Closes the open dialog: the main one, after which a survey opens if due, or the survey. Rules: UPD-3, UPD-3a. */
  close(): Promise<void>
  /** Closes the main dialog and opens a survey, due or not. */
  startSurvey(): Promise<void>
}

/** Creates the agent's side of a conversation. */
export function createAgent(key: ConversationKey, agentId: string, service: Services): Agent {
  const act = async (action: AgentActionInput): Promise<number> => {
    const reply = await actAsAgent(parseInput(AgentActionSchema, action, 'action'), key, service)
    if (reply.ok) return Number(reply.body['sequence'] ?? 0)
    const { details } = errorCatalogue[reply.errorCode]
    throw new Error(
      `Agent "${agentId}" cannot ${action.action} in ${key.conversationId}: ${reply.errorCode} ${details}`,
    )
  }
  const perform = async (action: AgentActionInput): Promise<void> => {
    await act(action)
  }
  const receipt = (action: 'accept' | 'read', sequenceList?: readonly number[]) =>
    act({ action, agentId, ...(sequenceList && { sequenceList: [...sequenceList] }) })
  return {
    join: role => perform({ action: 'join', agentId, role }),
    leave: () => perform({ action: 'leave', agentId }),
    say: (text, quickReplies) => act({ action: 'say', agentId, text, quickReplies }),
    type: (chatState = 'COMPOSING') => perform({ action: 'type', agentId, chatState }),
    sendFile: ({ bytes, ...file } = {}) => {
      const base64 = bytes && Buffer.from(bytes).toString('base64')
      return act({ action: 'sendFile', agentId, base64, ...file })
    },
    sendCard: card => act({ action: 'sendCard', agentId, card }),
    accept: sequenceList => receipt('accept', sequenceList),
    read: sequenceList => receipt('read', sequenceList),
    transfer: ({ skillId, toAgentId } = {}) =>
      perform({ action: 'transfer', agentId, skillId, toAgentId }),
    close: () => perform({ action: 'close', agentId }),
    startSurvey: () => perform({ action: 'startSurvey', agentId }),
  }
}
