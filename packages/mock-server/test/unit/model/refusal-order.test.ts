import { expect, test } from 'vitest'
import type { Command } from '../../../src/model/command.ts'
import type { ConversationState } from '../../../src/model/conversation-state.ts'
import { reduce } from '../../../src/model/reduce.ts'

const environment = {
  now: 1,
  survey: false,
  isStrict: true,
  isUploaded: () => false,
  newDialogId: () => 'survey',
}

const owner = { id: 'me', role: 'CONSUMER' } as const
const stranger = { id: 'other', role: 'CONSUMER' } as const
const text = { type: 'ContentEvent', contentType: 'text/plain', message: 'hi' } as const
const file = {
  type: 'ContentEvent',
  contentType: 'hosted/file',
  message: { relativePath: '/v1/none', fileType: 'PNG' },
} as const
const receipt = { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [9] } as const

const publish = (fields: object): Command => ({
  type: 'publish',
  participant: owner,
  dialogId: 'c',
  event: text,
  ...fields,
})
const update = (field: object, participant: typeof owner | typeof stranger = owner): Command =>
  ({ type: 'updateFields', participant, fields: [field] }) as unknown as Command
const closing = { field: 'ConversationStateField', conversationState: 'CLOSE' }
const closingDialog = (dialogId: string) => ({
  field: 'DialogChange',
  type: 'UPDATE',
  dialog: { dialogId, state: 'CLOSE' },
})

const opened = reduce(
  undefined,
  {
    type: 'open',
    conversationId: 'c',
    consumerId: 'me',
    request: { skillId: '7' },
    features: ['MULTI_DIALOG'],
  },
  environment,
).state
const closed = reduce(opened, update(closing), environment).state
const inSurvey = reduce(opened, update(closingDialog('c')), { ...environment, survey: true }).state

test.each<[string, ConversationState | undefined, Command, number]>([
  ['no conversation', undefined, publish({ participant: stranger }), 40451],
  [
    'an unknown dialog, then a stranger',
    opened,
    publish({ dialogId: 'no', participant: stranger }),
    40451,
  ],
  ['an unknown dialog, then a closed one', closed, publish({ dialogId: 'no' }), 40451],
  ['a stranger, then a closed conversation', closed, publish({ participant: stranger }), 40103],
  [
    'a stranger, then a dialog that accepts no receipt',
    inSurvey,
    publish({ participant: stranger, event: receipt }),
    40103,
  ],
  [
    'a stranger, then a sequence that is not assigned',
    opened,
    publish({ participant: stranger, event: receipt }),
    40103,
  ],
  [
    'a closed conversation, then a sequence that is not assigned',
    closed,
    publish({ event: receipt }),
    40054,
  ],
  [
    'a closed conversation, then a file that was not uploaded',
    closed,
    publish({ event: file }),
    40054,
  ],
  [
    'a dialog that accepts no receipt, then a sequence that is not assigned',
    inSurvey,
    publish({ event: receipt }),
    40055,
  ],
  [
    'an unknown dialog in a change, then a stranger',
    opened,
    update(closingDialog('no'), stranger),
    40451,
  ],
  [
    'an unknown dialog in a change, then a closed conversation',
    closed,
    update(closingDialog('no')),
    40451,
  ],
  ['a stranger who changes a closed conversation', closed, update(closing, stranger), 40103],
])('refuses the first of two: %s [AUTH-11]', (_, state, command, errorCode) => {
  expect(reduce(state, command, environment)).toMatchObject({
    state,
    reply: { ok: false, errorCode },
    events: [],
  })
})
