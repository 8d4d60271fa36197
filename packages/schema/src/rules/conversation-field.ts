import { assumed, documented, own, type Rule } from './rule.ts'

/** The body and the fields of `cm.UpdateConversationField`. */
export const conversationFieldRules = [
  {
    id: 'UPD-1',
    text: 'The body of `cm.UpdateConversationField` is `{conversationId, conversationField}`; `conversationField` is one object or an array of them.',
    ...documented('EXAMPLES', 'schema'),
  },
  {
    id: 'UPD-1a',
    text: 'Several fields in `conversationField` are applied in order, all or none, with one answer.',
    ...assumed(),
  },
  {
    id: 'UPD-2',
    text: '`{field:"ConversationStateField", conversationState:"CLOSE"}` closes the conversation and all its dialogs: state CLOSE, stage CLOSE, no survey.',
    ...documented('EXAMPLES', 'SDK'),
  },
  {
    id: 'UPD-3',
    text: '`{field:"DialogChange", type:"UPDATE", dialog:{dialogId, state:"CLOSE", closedCause?}}` closes that dialog. The next configured one opens (`POST_SURVEY`, with an own id of 22 base64url characters; stage stays OPEN); where none is configured, stage becomes CLOSE. Closing the last dialog closes the conversation.',
    ...documented('PCS', 'SDK'),
  },
  {
    id: 'UPD-3a.1',
    text: 'A survey opens only if the conversation has a skill and `Client-Properties` named `MULTI_DIALOG`.',
    ...documented('PCS'),
  },
  {
    id: 'UPD-3a.2',
    text: 'A survey opens only if the setting `survey` is on as well.',
    ...own(),
  },
  {
    id: 'UPD-4',
    text: '`{field:"Stage", conversationState:"CLOSE"}` closes everything, with no survey.',
    ...documented('PCS'),
  },
  {
    id: 'UPD-5',
    text: '`{field:"CSATRate", csatRate:1..5, csatResolutionConfirmation:boolean, status:"FILLED"|"PARTIALLY_FILLED"|"SKIPPED"}`, all required, is accepted while the conversation is open and after it is closed.',
    ...documented('OVERVIEW', 'schema'),
  },
  {
    id: 'UPD-6',
    text: '`{field:"TTRField", ttrType:"CUSTOM"|"NORMAL"|"PRIORITIZED"|"URGENT", value}`; `value` is in seconds, 0 or more.',
    ...documented('schema'),
  },
] as const satisfies readonly Rule[]
