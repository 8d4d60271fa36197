import { ChatStateSchema, SequenceSchema } from '@sendbox/schema'
import { z } from 'zod'
import type { Command, Reply } from './model/command.ts'
import { reduce } from './model/reduce.ts'
import { type Service, toEnvironment } from './service.ts'
import type { ConversationKey, ConversationRecord } from './state-store.ts'
import { transact } from './transact.ts'

const agentId = z.string().min(1).default('agent-1')
const sequenceList = z.array(SequenceSchema).min(1).optional()

/**
 * What the agent of a conversation does. Who was not in it joins; `accept` and `read` without numbers mean the consumer's last message;
 * `close` ends the main dialog, after which a survey opens where one is due (UPD-3a); `startSurvey` opens one in any case.
 */
export const AgentActionSchema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('join'), agentId }),
  z.strictObject({ action: z.literal('say'), agentId, text: z.string() }),
  z.strictObject({
    action: z.literal('type'),
    agentId,
    chatState: ChatStateSchema.default('COMPOSING'),
  }),
  z.strictObject({ action: z.literal('accept'), agentId, sequenceList }),
  z.strictObject({ action: z.literal('read'), agentId, sequenceList }),
  z.strictObject({ action: z.literal('close'), agentId }),
  z.strictObject({ action: z.literal('startSurvey'), agentId }),
])
export type AgentAction = z.output<typeof AgentActionSchema>
export type AgentActionInput = z.input<typeof AgentActionSchema>

const lastOfConsumer = ({ transcripts }: ConversationRecord, dialogId: string): number[] => {
  const messages = (transcripts.get(dialogId) ?? []).filter(
    ({ role, event }) => role === 'CONSUMER' && event.type !== 'AcceptStatusEvent',
  )
  return messages.slice(-1).map(({ sequence }) => sequence)
}

/** Puts an action into the words of the model; the dialog is the one that is open last. */
function toCommand(action: AgentAction, record: ConversationRecord): Command {
  const participant = { id: action.agentId, role: 'ASSIGNED_AGENT' } as const
  const { dialogs, conversationId } = record.state
  const open = dialogs.findLast(({ state }) => state === 'OPEN')
  const dialogId = open?.dialogId ?? conversationId
  const publish = { type: 'publish', participant, dialogId } as const
  switch (action.action) {
    case 'join':
      return { type: 'join', participant }
    case 'close':
      return { type: 'endMainDialog', participant }
    case 'startSurvey':
      return { type: 'startSurvey', participant }
    case 'say':
      return {
        ...publish,
        event: { type: 'ContentEvent', contentType: 'text/plain', message: action.text },
      }
    case 'type':
      return { ...publish, event: { type: 'ChatStateEvent', chatState: action.chatState } }
    case 'accept':
    case 'read':
      return {
        ...publish,
        event: {
          type: 'AcceptStatusEvent',
          status: action.action === 'accept' ? 'ACCEPT' : 'READ',
          sequenceList: action.sequenceList ?? lastOfConsumer(record, dialogId),
        },
      }
  }
}

const isEmptyReceipt = (command: Command): boolean =>
  command.type === 'publish' &&
  command.event.type === 'AcceptStatusEvent' &&
  command.event.sequenceList.length === 0

/** Does what an agent's action says, on the same counters as the consumer's calls. Rule: SEQ-2. */
export async function actAsAgent(
  action: AgentAction,
  key: ConversationKey,
  service: Service,
): Promise<Reply> {
  const run = async (command: Command): Promise<Reply> => {
    const { reply } = await transact(
      key,
      state => reduce(state, command, toEnvironment(service, key.accountId)),
      service,
    )
    return reply
  }
  const record = await service.store.load(key)
  if (record === undefined) return { ok: false, errorCode: 40451 }
  const command = toCommand(action, record)
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
