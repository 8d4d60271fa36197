import type { SentParticipant as Participant, PublishedEvent } from '@sendbox/schema'
import { errorCodes } from '@sendbox/schema'
import type { Clocks } from '../accounts/account-clock.ts'
import type { RandomSource } from '../accounts/random-source.ts'
import type { FileStore } from '../files/file-store.ts'
import { toRelativePath } from '../files/file-urls.ts'
import type { Command, Reply } from '../model/command.ts'
import type { Conversations } from '../store/conversations.ts'
import type { ConversationKey, ConversationRecord, StateStore } from '../store/state-store.ts'
import { toLpConsumerId } from '../tokens/token-service.ts'
import type { AgentAction } from './action.ts'

/** The services that the agent's side uses. */
export interface AgentServices {
  readonly conversations: Conversations
  readonly store: StateStore
  readonly files: FileStore
  readonly clocks: Clocks
  readonly random: RandomSource
}

const lastOfConsumer = ({ transcripts }: ConversationRecord, dialogId: string): number[] => {
  const messages = (transcripts.get(dialogId) ?? []).filter(
    ({ role, event }) => role === 'CONSUMER' && event.type !== 'AcceptStatusEvent',
  )
  return messages.slice(-1).map(({ sequence }) => sequence)
}

/** Stores the file of an agent as if it had been uploaded. Rule: URL-3. */
function saveFile(
  { agentId, base64, fileType }: Extract<AgentAction, { action: 'sendFile' }>,
  accountId: string,
  { clocks, files, random }: AgentServices,
): string {
  const relativePath = toRelativePath({
    accountId,
    consumerId: toLpConsumerId(accountId, agentId),
    uuid: random.uuid(accountId),
    fileType,
    now: clocks.of(accountId).now(),
  })
  files.save(accountId, relativePath, Buffer.from(base64, 'base64'))
  return relativePath
}

/** The event that an action publishes, if any. */
function toEvent(
  action: AgentAction,
  dialogId: string,
  record: ConversationRecord,
  { accountId }: ConversationKey,
  services: AgentServices,
): PublishedEvent | undefined {
  switch (action.action) {
    case 'say': {
      const { text: message, quickReplies } = action
      const content = { type: 'ContentEvent', contentType: 'text/plain', message } as const
      return { ...content, ...(quickReplies && { quickReplies }) }
    }
    case 'type':
      return { type: 'ChatStateEvent', chatState: action.chatState }
    case 'sendFile': {
      const { fileType, caption, preview } = action
      const message = {
        relativePath: saveFile(action, accountId, services),
        fileType,
        ...(caption !== undefined && { caption }),
        ...(preview !== undefined && { preview }),
      }
      return { type: 'ContentEvent', contentType: 'hosted/file', message }
    }
    case 'sendCard':
      return { type: 'RichContentEvent', content: action.card }
    case 'accept':
    case 'read':
      return {
        type: 'AcceptStatusEvent',
        status: action.action === 'accept' ? 'ACCEPT' : 'READ',
        sequenceList: action.sequenceList ?? lastOfConsumer(record, dialogId),
      }
    default:
      return undefined
  }
}

/** The command of an action that publishes nothing. */
function toAgentCommand(action: AgentAction, participant: Participant): Command {
  switch (action.action) {
    case 'leave':
      return { type: 'leave', participant }
    case 'transfer': {
      const { skillId, toAgentId } = action
      const to = toAgentId === undefined ? undefined : { id: toAgentId, role: participant.role }
      return {
        type: 'transfer',
        participant,
        ...(skillId !== undefined && { skillId }),
        ...(to && { to }),
      }
    }
    case 'close':
      return { type: 'endDialog', participant }
    case 'startSurvey':
      return { type: 'startSurvey', participant }
    default:
      return { type: 'join', participant }
  }
}

/** A participant who has joined keeps their role. */
const toParticipant = (
  { agentId: id, role }: AgentAction,
  { state: { participants } }: ConversationRecord,
): Participant =>
  participants.find(known => known.id === id && known.role !== 'CONSUMER') ?? { id, role }

/** The command of an action, on the last open dialog. */
function toCommand(
  action: AgentAction,
  record: ConversationRecord,
  key: ConversationKey,
  services: AgentServices,
): Command {
  const participant = toParticipant(action, record)
  const { dialogs, conversationId } = record.state
  const open = dialogs.findLast(({ state }) => state === 'OPEN')
  const dialogId = open?.dialogId ?? conversationId
  const event = toEvent(action, dialogId, record, key, services)
  return event
    ? { type: 'publish', participant, dialogId, event }
    : toAgentCommand(action, participant)
}

const isEmptyReceipt = (command: Command): boolean =>
  command.type === 'publish' &&
  command.event.type === 'AcceptStatusEvent' &&
  command.event.sequenceList.length === 0

/** Performs an agent's action; it uses the same sequence as the consumer's calls. Rule: SEQ-2. */
export async function actAsAgent(
  action: AgentAction,
  key: ConversationKey,
  services: AgentServices,
): Promise<Reply> {
  const { conversations, store } = services
  const record = await store.load(key)
  if (record === undefined) return { ok: false, errorCode: errorCodes.conversationNotFound }
  const command = toCommand(action, record, key, services)
  if (isEmptyReceipt(command)) {
    const params = {
      pointer: '/sequenceList',
      expected: 'numbers, as the consumer has said nothing',
    }
    return { ok: false, errorCode: errorCodes.invalidPayload, params }
  }
  if (command.type !== 'publish') return conversations.run(key, command)
  const joined = await conversations.run(key, { type: 'join', participant: command.participant })
  return joined.ok ? conversations.run(key, command) : joined
}
