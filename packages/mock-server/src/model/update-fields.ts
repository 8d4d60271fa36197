import type { ConversationField, DialogChangeField, ErrorCode, RuleId } from '@sendbox/schema'
import { errorCodes } from '@sendbox/schema'
import { toChange } from './change.ts'
import { closeConversation, endDialog } from './close.ts'
import type { Command, Environment, Transition } from './command.ts'
import type { ConversationState } from './conversation-state.ts'
import type { Closing } from './dialog.ts'

type Update = Extract<Command, { type: 'updateFields' }>

/** Rule: UPD-3. */
function changeDialog(
  state: ConversationState,
  { dialog: { dialogId, closedCause: cause } }: DialogChangeField,
  closing: Closing,
  environment: Environment,
): ConversationState | ErrorCode {
  const dialog = state.dialogs.find(candidate => candidate.dialogId === dialogId)
  if (dialog === undefined) return errorCodes.conversationNotFound
  if (dialog.state === 'CLOSE') return errorCodes.conversationClosed
  return endDialog(state, dialog, { ...closing, cause }, environment)
}

/** A closed conversation accepts a rating only. Rules: LIF-5, UPD-5. */
function applyField(
  state: ConversationState,
  field: ConversationField,
  closing: Closing,
  environment: Environment,
): ConversationState | ErrorCode {
  if (state.stage === 'CLOSE' && field.field !== 'CSATRate') return errorCodes.conversationClosed
  switch (field.field) {
    case 'ConversationStateField':
    case 'Stage':
      return closeConversation(state, closing)
    case 'DialogChange':
      return changeDialog(state, field, closing, environment)
    case 'CSATRate': {
      const { csatRate, csatResolutionConfirmation, status } = field
      return { ...state, csat: { csatRate, csatResolutionConfirmation, status } }
    }
    case 'TTRField':
      return { ...state, ttr: { ttrType: field.ttrType, value: field.value } }
  }
}

const ruleByField: Readonly<Record<ConversationField['field'], RuleId>> = {
  ConversationStateField: 'UPD-2',
  DialogChange: 'UPD-3',
  Stage: 'UPD-4',
  CSATRate: 'UPD-5',
  TTRField: 'UPD-6',
}

const closingFields: readonly ConversationField['field'][] = [
  'ConversationStateField',
  'Stage',
  'DialogChange',
]

/** Applies fields in order, all of them or none. Rules: UPD-1a, RES-5. */
export function updateFields(
  state: ConversationState,
  { fields, participant }: Update,
  environment: Environment,
): Transition {
  const { now } = environment
  const closing: Closing = { by: participant.role === 'CONSUMER' ? 'CONSUMER' : 'AGENT', now }
  let next = state
  for (const field of fields) {
    const applied = applyField(next, field, closing, environment)
    if (typeof applied === 'number') {
      const rules: RuleId[] = applied === errorCodes.conversationClosed ? ['LIF-5'] : []
      return { state, reply: { ok: false, errorCode: applied, rules }, events: [] }
    }
    next = applied
  }
  const isClosing = fields.some(({ field }) => closingFields.includes(field))
  const msg = isClosing ? 'OK Conversation resolved successfully' : 'OK'
  const rules: RuleId[] = [
    ...fields.map(({ field }) => ruleByField[field]),
    ...(fields.length > 1 ? (['UPD-1a'] as const) : []),
    ...(isClosing ? (['RES-5.1'] as const) : []),
    'RES-5.2',
  ]
  return {
    ...toChange(state, next, now),
    reply: { ok: true, body: { msg }, rules },
  }
}
