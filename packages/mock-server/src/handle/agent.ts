import type { ChatState, Metadata, ParticipantRole } from '@sendbox/schema'
import type { AgentActionInput } from '../accounts/agent-action.ts'

/** Parts of an agent's message beside its content. */
interface AgentMessageOptions {
  /** Repeated by the notification. Rule: WH-4c. */
  readonly metadata?: readonly Metadata[]
  /** Buttons below the message. Rule: WH-4. */
  readonly quickReplies?: Readonly<Record<string, unknown>>
  /** `AGENTS_AND_MANAGERS` makes it a private note, which no consumer must see. Rule: WH-4a. */
  readonly messageAudience?: 'ALL' | 'AGENTS_AND_MANAGERS'
}

/** A file that an agent sends. */
export interface AgentFile extends AgentMessageOptions {
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

/** A secure form that an agent invites the consumer to. Rule: PUB-2a. */
interface SecureForm {
  readonly formId: string
  readonly title: string
  /** Whether the consumer submits it next. @default false */
  readonly submit?: boolean
}

/** Why an agent closes. */
interface AgentClose {
  /** Of the dialog. Rule: UPD-3. */
  readonly closedCause?: string
  /** Of the conversation, if it closes. Rule: WH-4. @default 'AGENT' */
  readonly closeReason?: 'CONSUMER' | 'AGENT' | 'TIMEOUT'
}

/** A notification that is sent as it is given, for tests of a receiver. */
interface RawNotification {
  /** @default 'ms.MessagingEventNotification' */
  readonly type?: string
  /** Any JSON values: unknown events and fields, several changes, none. */
  readonly changes: readonly unknown[]
}

/** The agent's side of one conversation; each method rejects with the reason if the model refuses it. */
export interface Agent {
  /** Joins the conversation. @default 'ASSIGNED_AGENT' Rule: WH-5. */
  join(role?: Exclude<ParticipantRole, 'CONSUMER'>): Promise<void>
  /** Leaves the conversation; no effect if the agent has not joined. */
  leave(): Promise<void>
  /**
   * Publishes a text; resolves with its sequence. Rules: SEQ-2, WH-4a, WH-4c.
   *
   * @example
   * ```ts
   * const agent = account.agent(conversation.conversationId)
   * await agent.say('Hello') // 0
   * await agent.say('Do not refund', { messageAudience: 'AGENTS_AND_MANAGERS' }) // 1, a private note
   * ```
   */
  say(text: string, options?: AgentMessageOptions): Promise<number>
  /** @deprecated give `{quickReplies}` as the second argument */
  say(text: string, quickReplies: Readonly<Record<string, unknown>>): Promise<number>
  /** Sets the agent's chat state. @default 'COMPOSING' */
  type(chatState?: ChatState): Promise<void>
  /** Stores a file as if uploaded and publishes it; resolves with its sequence. Rule: PUB-3. */
  sendFile(file?: AgentFile): Promise<number>
  /** Publishes a card, such as `{type: 'button', …}`; resolves with its sequence. @default a text with a button. Rule: PUB-9. */
  sendCard(
    card?: Readonly<Record<string, unknown>> & { readonly type: string },
    options?: AgentMessageOptions,
  ): Promise<number>
  /** Invites the consumer to a secure form; resolves with the sequence of the invitation. Rule: PUB-2a. */
  sendSecureForm(form: SecureForm): Promise<number>
  /** Publishes a file that another host has; resolves with its sequence. Rule: PUB-2a. */
  sendExternalFile(file: { readonly url: string; readonly fileType: string }): Promise<number>
  /** Accepts the messages with these sequences. @default the consumer's last one */
  accept(sequenceList?: readonly number[]): Promise<number>
  /** Reads the messages with these sequences. @default the consumer's last one */
  read(sequenceList?: readonly number[]): Promise<number>
  /** Leaves, and transfers the conversation to a skill, an agent, or any agent. */
  transfer(transfer?: AgentTransfer): Promise<void>
  /** Closes the open dialog: the main one, after which a survey opens if due, or the survey. Rules: UPD-3, UPD-3a. */
  close(close?: AgentClose): Promise<void>
  /** Closes the main dialog and opens a survey, due or not. */
  startSurvey(): Promise<void>
  /** Opens a dialog for a CoBrowse session; no effect if one is open. Rule: WH-4. */
  openCoBrowse(): Promise<void>
  /** Closes the dialog of the CoBrowse session. Rule: WH-4. */
  closeCoBrowse(): Promise<void>
  /**
   * Sends a notification of these changes to the account's webhooks, without a change of the conversation: to the webhook of the first
   * change's event type, or else to the first one that is registered. Rule: WH-4.
   */
  raw(notification: RawNotification): Promise<void>
}

const optionNames: readonly string[] = ['metadata', 'quickReplies', 'messageAudience']

/** Reads the second argument of `say`: an object with other names is the quick replies themselves. */
const toMessageOptions = (options: object): AgentMessageOptions =>
  Object.keys(options).every(name => optionNames.includes(name))
    ? options
    : { quickReplies: options as Readonly<Record<string, unknown>> }

const copy = <Options extends AgentMessageOptions>({ metadata, ...others }: Options) => ({
  ...others,
  ...(metadata && { metadata: [...metadata] }),
})

const toBase64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''))

/** Performs an action; resolves with the sequence of what it published, 0 for nothing, or with why the model refused it. */
export type ActAsAgent = (action: AgentActionInput) => Promise<AgentReply>

type AgentReply =
  | { readonly ok: true; readonly sequence: number }
  | { readonly ok: false; readonly reason: string }

/** Creates the agent's side of a conversation. */
export function createAgent(
  perform: ActAsAgent,
  { conversationId, agentId }: { readonly conversationId: string; readonly agentId: string },
): Agent {
  const act = async (action: AgentActionInput): Promise<number> => {
    const reply = await perform(action)
    if (reply.ok) return reply.sequence
    throw new Error(
      `Agent "${agentId}" cannot ${action.action} in ${conversationId}: ${reply.reason}`,
    )
  }
  const actSilently = async (action: AgentActionInput): Promise<void> => {
    await act(action)
  }
  const receipt = (action: 'accept' | 'read', sequenceList?: readonly number[]) =>
    act({ action, agentId, ...(sequenceList && { sequenceList: [...sequenceList] }) })
  return {
    join: role => actSilently({ action: 'join', agentId, role }),
    leave: () => actSilently({ action: 'leave', agentId }),
    say: (text: string, options: object = {}) =>
      act({ action: 'say', agentId, text, ...copy(toMessageOptions(options)) }),
    type: (chatState = 'COMPOSING') => actSilently({ action: 'type', agentId, chatState }),
    sendFile: ({ bytes, ...file } = {}) => {
      const base64 = bytes && toBase64(bytes)
      return act({ action: 'sendFile', agentId, base64, ...copy(file) })
    },
    sendCard: (card, options = {}) => act({ action: 'sendCard', agentId, card, ...copy(options) }),
    sendSecureForm: form => act({ action: 'sendSecureForm', agentId, ...form }),
    sendExternalFile: file => act({ action: 'sendExternalFile', agentId, ...file }),
    accept: sequenceList => receipt('accept', sequenceList),
    read: sequenceList => receipt('read', sequenceList),
    transfer: ({ skillId, toAgentId } = {}) =>
      actSilently({ action: 'transfer', agentId, skillId, toAgentId }),
    close: (close = {}) => actSilently({ action: 'close', agentId, ...close }),
    startSurvey: () => actSilently({ action: 'startSurvey', agentId }),
    openCoBrowse: () => actSilently({ action: 'openCoBrowse', agentId }),
    closeCoBrowse: () => actSilently({ action: 'closeCoBrowse', agentId }),
    raw: ({ changes, ...notification }) =>
      actSilently({ action: 'raw', ...notification, changes: [...changes] }),
  }
}
