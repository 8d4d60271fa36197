import type { Participant, PublishedEvent } from '@sendbox/schema'
import { toRelativePath } from '../files/file-urls.ts'
import type { Command, Reply } from '../model/command.ts'
import { reduce } from '../model/reduce.ts'
import { type Services, toEnvironment } from '../services.ts'
import type { Soon } from '../soon.ts'
import { transact } from '../store/conversations.ts'
import type { ConversationKey, ConversationRecord } from '../store/state-store.ts'
import { toLpConsumerId } from '../tokens/token-service.ts'
import type { AgentAction } from './action.ts'

const lastOfConsumer = ({ transcripts }: ConversationRecord, dialogId: string): number[] => {
  const messages = (transcripts.get(dialogId) ?? []).filter(
    ({ role, event }) => role === 'CONSUMER' && event.type !== 'AcceptStatusEvent',
  )
  return messages.slice(-1).map(({ sequence }) => sequence)
}

/** Keeps the file of an agent as if it had been uploaded. Rule: URL-3. */
function saveFile(
  { agentId, base64, fileType }: Extract<AgentAction, { action: 'sendFile' }>,
  accountId: string,
  { clocks, files, random }: Services,
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

/** What an action publishes; `undefined` where it publishes nothing. */
function toEvent(
  action: AgentAction,
  dialogId: string,
  record: ConversationRecord,
  { accountId }: ConversationKey,
  service: Services,
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
        relativePath: saveFile(action, accountId, service),
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

/** An action that publishes nothing, in the words of the model. */
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

/** Who is in already keeps their role. */
const toParticipant = (
  { agentId: id, role }: AgentAction,
  { state: { participants } }: ConversationRecord,
): Participant =>
  participants.find(known => known.id === id && known.role !== 'CONSUMER') ?? { id, role }

/** Puts an action into the words of the model; the dialog is the one that is open last. */
function toCommand(
  action: AgentAction,
  record: ConversationRecord,
  key: ConversationKey,
  service: Services,
): Command {
  const participant = toParticipant(action, record)
  const { dialogs, conversationId } = record.state
  const open = dialogs.findLast(({ state }) => state === 'OPEN')
  const dialogId = open?.dialogId ?? conversationId
  const event = toEvent(action, dialogId, record, key, service)
  return event
    ? { type: 'publish', participant, dialogId, event }
    : toAgentCommand(action, participant)
}

const isEmptyReceipt = (command: Command): boolean =>
  command.type === 'publish' &&
  command.event.type === 'AcceptStatusEvent' &&
  command.event.sequenceList.length === 0

/** Does what an agent's action says, on the same counters as the consumer's calls. Rule: SEQ-2. */
export async function actAsAgent(
  action: AgentAction,
  key: ConversationKey,
  service: Services,
): Promise<Reply> {
  const run = (command: Command): Soon<Reply> =>
    transact(key, state => reduce(state, command, toEnvironment(service, key.accountId)), service)
  const record = await service.store.load(key)
  if (record === undefined) return { ok: false, errorCode: 40451 }
  const command = toCommand(action, record, key, service)
  if (isEmptyReceipt(command)) {
    const params = {
      pointer: '/sequenceList',
      expected: 'numbers, as the consumer has said nothing',
    }
    return { ok: false, errorCode: 40052, params }
  }
  if (command.type !== 'publish') return run(command)
  const joined = await run({ type: 'join', participant: command.participant })
  return joined.ok ? run(command) : joined
}
