import { jsonAt, withJsonAt } from './json-at.ts'
import {
  ignoring,
  isEvent,
  isField,
  type Mutant,
  type MutantCall,
  okAnswer,
  requesting,
  type When,
} from './mutant.ts'

const isText = isEvent('ContentEvent')
const isChatState = isEvent('ChatStateEvent')
const isReceipt = isEvent('AcceptStatusEvent')
const fieldPointer = '/body/conversationField'
const resolved = okAnswer({ msg: 'OK Conversation resolved successfully' })

/** Answers what a broken call would have come to if it had been right. */
const takesAllTheSame =
  (when: (call: MutantCall, code: unknown) => boolean, result: unknown): Mutant['create'] =>
  () =>
  async call => {
    const answer = await call.pass()
    const code = jsonAt(answer.body, '/body/errorCode')
    return when(call, code) ? okAnswer(result)(call) : answer
  }

const closeByStage = { field: 'Stage', conversationState: 'CLOSE' }

/** Closes the main dialog alone, where the caller means more. */
const closingByDialog =
  (when: When): Mutant['create'] =>
  () =>
  call => {
    if (!when(call)) return call.pass()
    const dialog = { dialogId: jsonAt(call.body, '/body/conversationId'), state: 'CLOSE' }
    const field = { field: 'DialogChange', type: 'UPDATE', dialog }
    return call.pass({ body: withJsonAt(call.body, fieldPointer, field) })
  }

/** Fields that are changed otherwise, and what follows a close. */
export const closeMutants: readonly Mutant[] = [
  {
    name: 'does not close',
    rules: ['UPD-2'],
    create: ignoring(isField('ConversationStateField'), resolved),
  },
  {
    name: 'does not close by the stage',
    rules: ['UPD-4'],
    create: ignoring(isField('Stage'), resolved),
  },
  {
    name: 'does not close by the dialog',
    rules: ['UPD-3'],
    create: ignoring(isField('DialogChange'), resolved),
  },
  {
    name: 'closes everything with the main dialog, without a survey',
    rules: ['UPD-3'],
    create: requesting(isField('DialogChange'), fieldPointer, closeByStage),
  },
  {
    name: 'lets a survey follow a close by the stage',
    rules: ['UPD-4'],
    create: closingByDialog(isField('Stage')),
  },
  {
    name: 'lets a survey follow a close of the conversation',
    rules: ['UPD-2'],
    create: closingByDialog(isField('ConversationStateField')),
  },
  {
    name: 'takes a text after the close',
    rules: ['LIF-2.1'],
    create: takesAllTheSame((call, code) => isText(call) && code === 40054, { sequence: 9 }),
  },
  {
    name: 'closes twice',
    rules: ['LIF-5'],
    create: takesAllTheSame(
      (call, code) => isField('ConversationStateField')(call) && code === 40054,
      {
        msg: 'OK Conversation resolved successfully',
      },
    ),
  },
  {
    name: 'takes a receipt for a closed main dialog',
    rules: ['LIF-3'],
    create: takesAllTheSame((call, code) => isReceipt(call) && code === 40055, { sequence: 9 }),
  },
  {
    name: 'takes a chat state for a closed main dialog or a survey',
    rules: ['LIF-3', 'LIF-3a'],
    create: takesAllTheSame((call, code) => isChatState(call) && code === 40055, { sequence: 0 }),
  },
  {
    name: 'forgets a rating',
    rules: ['UPD-5'],
    create: ignoring(isField('CSATRate'), okAnswer({ msg: 'OK' })),
  },
  {
    name: 'keeps the first rating',
    rules: ['UPD-5'],
    create: () => {
      let isRated = false
      return async call => {
        if (!isField('CSATRate')(call)) return call.pass()
        if (isRated) return okAnswer({ msg: 'OK' })(call)
        isRated = true
        return call.pass()
      }
    },
  },
  {
    name: 'refuses a rating after the close',
    rules: ['UPD-5'],
    create: () => {
      let isClosed = false
      return async call => {
        if (isClosed && isField('CSATRate')(call))
          return call.pass({
            body: withJsonAt(call.body, fieldPointer, {
              field: 'ConversationStateField',
              conversationState: 'CLOSE',
            }),
          })
        isClosed ||= isField('ConversationStateField')(call)
        return call.pass()
      }
    },
  },
  {
    name: 'forgets a time to respond',
    rules: ['UPD-6'],
    create: ignoring(isField('TTRField'), okAnswer({ msg: 'OK' })),
  },
]
