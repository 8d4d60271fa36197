import type { SentParticipant as Participant } from '@sendbox/schema'
import { errorCodes } from '@sendbox/schema'
import type { AgentAction } from '../accounts/agent-action.ts'
import type { Clocks } from '../accounts/clocks.ts'
import type { RandomSource } from '../accounts/random-source.ts'
import type { FileStore } from '../files/file-store.ts'
import { toRelativePath } from '../files/file-urls.ts'
import type { Command, Reply } from '../model/command.ts'
import type { DialogEvent } from '../model/conversation-state.ts'
import type { Conversations } from '../store/conversations.ts'
import type { ConversationKey, ConversationRecord, StateStore } from '../store/state-store.ts'
import { toLpConsumerId } from '../tokens/token-service.ts'

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

/** An action of a participant: all but `raw`. */
type ActorAction = Exclude<AgentAction, { action: 'raw' }>

const defaultAgentId = 'agent-1'

/** Stores the file of an agent as if it had been uploaded. Rule: URL-3. */
function saveFile(
  { agentId = defaultAgentId, base64, fileType }: Extract<AgentAction, { action: 'sendFile' }>,
  accountId: string,
  { clocks, files, random }: AgentServices,
): string {
  const relativePath = toRelativePath({
    accountId,
    consumerId: toLpConsumerId(accountId, agentId),
    uuid: random.uuid(accountId),
    fileType,
    now: clocks.now(accountId),
  })
  files.save(accountId, relativePath, Buffer.from(base64, 'base64'))
  return relativePath
}

/** The buttons below a message, if the action has any. Rule: WH-4. */
const toButtons = ({ quickReplies }: Extract<AgentAction, { quickReplies?: unknown }>) =>
  quickReplies && { quickReplies }

/** The event that an action publishes, if any. */
function toEvent(
  action: ActorAction,
  dialogId: string,
  record: ConversationRecord,
  { accountId }: ConversationKey,
  services: AgentServices,
): DialogEvent | undefined {
  switch (action.action) {
    case 'say':
      return {
        type: 'ContentEvent',
        contentType: 'text/plain',
        message: action.text,
        ...toButtons(action),
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
      return { type: 'ContentEvent', contentType: 'hosted/file', message, ...toButtons(action) }
    }
    case 'sendCard':
      return { type: 'RichContentEvent', content: action.card, ...toButtons(action) }
    case 'sendSecureForm': {
      const { formId, title } = action
      const message = { formId, title, invitationId: services.random.uuid(accountId) }
      return { type: 'ContentEvent', message, contentType: 'forms/secure-invitation' }
    }
    case 'sendExternalFile': {
      const { url, fileType } = action
      return { type: 'ContentEvent', message: { url, fileType }, contentType: 'external/file' }
    }
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
function toAgentCommand(action: ActorAction, participant: Participant): Command {
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
    case 'close': {
      const { closedCause, closeReason } = action
      return {
        type: 'endDialog',
        participant,
        ...(closedCause !== undefined && { closedCause }),
        ...(closeReason && { closeReason }),
      }
    }
    case 'startSurvey':
    case 'openCoBrowse':
    case 'closeCoBrowse':
      return { type: action.action, participant }
    default:
      return { type: 'join', participant }
  }
}

/** A participant who has joined keeps their role. */
const toParticipant = (
  { agentId: id = defaultAgentId, role }: ActorAction,
  { state: { participants } }: ConversationRecord,
): Participant =>
  participants.find(known => known.id === id && known.role !== 'CONSUMER') ?? { id, role }

/** Metadata and audience of a message, if the action has any. Rules: WH-4a, WH-4c. */
function toContentFields(action: ActorAction) {
  if (action.action !== 'say' && action.action !== 'sendFile' && action.action !== 'sendCard')
    return {}
  const { metadata, messageAudience } = action
  return { ...(metadata && { metadata }), ...(messageAudience && { messageAudience }) }
}

/** The command of an action, on the last open dialog. */
function toCommand(
  action: ActorAction,
  record: ConversationRecord,
  key: ConversationKey,
  services: AgentServices,
): Command {
  const participant = toParticipant(action, record)
  const { dialogs, conversationId } = record.state
  const open = dialogs.findLast(
    ({ state, dialogType }) => state === 'OPEN' && dialogType !== 'CoBrowse',
  )
  const dialogId = open?.dialogId ?? conversationId
  const event = toEvent(action, dialogId, record, key, services)
  return event
    ? { type: 'publish', participant, dialogId, event, ...toContentFields(action) }
    : toAgentCommand(action, participant)
}

const isEmptyReceipt = (command: Command): boolean =>
  command.type === 'publish' &&
  command.event.type === 'AcceptStatusEvent' &&
  command.event.sequenceList.length === 0

type Invitation = Extract<DialogEvent, { contentType: 'forms/secure-invitation' }>

const isInvitation = (event: DialogEvent): event is Invitation =>
  event.type === 'ContentEvent' && event.contentType === 'forms/secure-invitation'

/** Submits the form of an invitation as the consumer. Rule: PUB-2a. */
async function submitForm(
  { dialogId, event: invitation }: Extract<Command, { type: 'publish' }>,
  { state: { consumerId } }: ConversationRecord,
  key: ConversationKey,
  { conversations, random }: AgentServices,
): Promise<void> {
  if (!isInvitation(invitation)) return
  const message = { ...invitation.message, submissionId: random.uuid(key.accountId) }
  await conversations.run(key, {
    type: 'publish',
    participant: { id: consumerId, role: 'CONSUMER' },
    dialogId,
    event: { type: 'ContentEvent', message, contentType: 'forms/secure-submission' },
  })
}

/** Performs an agent's action; it uses the same sequence as the consumer's calls. Rule: SEQ-2. */
export async function actAsAgent(
  action: AgentAction,
  key: ConversationKey,
  services: AgentServices,
): Promise<Reply> {
  const { conversations, store } = services
  if (action.action === 'raw') return conversations.notify(key, action)
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
  if (!joined.ok) return joined
  const published = await conversations.run(key, command)
  const isSubmitted = action.action === 'sendSecureForm' && action.submit
  if (published.ok && isSubmitted) await submitForm(command, record, key, services)
  return published
}
