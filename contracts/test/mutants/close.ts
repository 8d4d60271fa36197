import { jsonAt, withJsonAt } from './json-at.ts'
import {
  changingRequest,
  isEvent,
  isField,
  type Mutant,
  type MutantCall,
  okResponse,
  respondingTo,
  type When,
} from './mutant.ts'

const isText = isEvent('ContentEvent')
const isChatState = isEvent('ChatStateEvent')
const isReceipt = isEvent('AcceptStatusEvent')
const fieldPointer = '/body/conversationField'
const resolved = okResponse({ msg: 'OK Conversation resolved successfully' })

/** Responds to an invalid call as if it were valid. */
const acceptingAnyway =
  (when: (call: MutantCall, code: unknown) => boolean, result: unknown): Mutant['create'] =>
  () =>
  async call => {
    const response = await call.forward()
    const code = jsonAt(response.body, '/body/errorCode')
    return when(call, code) ? okResponse(result)(call) : response
  }

const closeByStage = { field: 'Stage', conversationState: 'CLOSE' }

/** Closes the main dialog instead of the conversation. */
const closingByDialog =
  (when: When): Mutant['create'] =>
  () =>
  call => {
    if (!when(call)) return call.forward()
    const dialog = { dialogId: jsonAt(call.body, '/body/conversationId'), state: 'CLOSE' }
    const field = { field: 'DialogChange', type: 'UPDATE', dialog }
    return call.forward({ body: withJsonAt(call.body, fieldPointer, field) })
  }

/** Wrong changes of fields, and wrong behaviour after a close. */
export const closeMutants: readonly Mutant[] = [
  {
    name: 'does not close',
    rules: ['UPD-2'],
    create: respondingTo(isField('ConversationStateField'), resolved),
  },
  {
    name: 'does not close by the stage',
    rules: ['UPD-4'],
    create: respondingTo(isField('Stage'), resolved),
  },
  {
    name: 'does not close by the dialog',
    rules: ['UPD-3'],
    create: respondingTo(isField('DialogChange'), resolved),
  },
  {
    name: 'closes everything with the main dialog, without a survey',
    rules: ['UPD-3'],
    create: changingRequest(isField('DialogChange'), fieldPointer, closeByStage),
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
    create: acceptingAnyway((call, code) => isText(call) && code === 40054, { sequence: 9 }),
  },
  {
    name: 'closes twice',
    rules: ['LIF-5'],
    create: acceptingAnyway(
      (call, code) => isField('ConversationStateField')(call) && code === 40054,
      {
        msg: 'OK Conversation resolved successfully',
      },
    ),
  },
  {
    name: 'takes a receipt for a closed main dialog',
    rules: ['LIF-3'],
    create: acceptingAnyway((call, code) => isReceipt(call) && code === 40055, { sequence: 9 }),
  },
  {
    name: 'takes a chat state for a closed main dialog or a survey',
    rules: ['LIF-3', 'LIF-3a'],
    create: acceptingAnyway((call, code) => isChatState(call) && code === 40055, { sequence: 0 }),
  },
  {
    name: 'forgets a rating',
    rules: ['UPD-5'],
    create: respondingTo(isField('CSATRate'), okResponse({ msg: 'OK' })),
  },
  {
    name: 'keeps the first rating',
    rules: ['UPD-5'],
    create: () => {
      let isRated = false
      return async call => {
        if (!isField('CSATRate')(call)) return call.forward()
        if (isRated) return okResponse({ msg: 'OK' })(call)
        isRated = true
        return call.forward()
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
          return call.forward({
            body: withJsonAt(call.body, fieldPointer, {
              field: 'ConversationStateField',
              conversationState: 'CLOSE',
            }),
          })
        isClosed ||= isField('ConversationStateField')(call)
        return call.forward()
      }
    },
  },
  {
    name: 'forgets a time to respond',
    rules: ['UPD-6'],
    create: respondingTo(isField('TTRField'), okResponse({ msg: 'OK' })),
  },
]
