import { jsonAt, withJsonAt } from './json-at.ts'
import {
  changingRequest,
  isConversation,
  isEvent,
  isSend,
  type Mutant,
  type MutantCall,
  okResponse,
  put,
  respondingTo,
  type Wrapper,
} from './mutant.ts'

const isText = isEvent('ContentEvent')
const isChatState = isEvent('ChatStateEvent')
const isReceipt = isEvent('AcceptStatusEvent')

const dialogIdOf = ({ body }: MutantCall): unknown => jsonAt(body, '/body/dialogId')

/** Sends another event for the same caller. */
const alsoSend = (call: MutantCall, event: unknown) =>
  call.forward({ body: withJsonAt(call.body, '/body/event', event) })

/** Continues the main dialog's sequence in the survey; each conversation starts at 0. */
const continuingSequence = (): Wrapper => {
  let mainCount = 0
  let main: unknown
  return async call => {
    const response = await call.forward()
    if (isConversation(call) && response.status === 200) {
      main = jsonAt(response.body, '/1/body/conversationId')
      mainCount = 0
    }
    const number = jsonAt(response.body, '/body/sequence')
    if (typeof number !== 'number' || isChatState(call)) return response
    if (dialogIdOf(call) === main) {
      mainCount = number + 1
      return response
    }
    return put('/body/sequence', number + mainCount)(response)
  }
}

/** Responds to receipts with the previous sequence. */
const receiptsWithoutSequence = (): Wrapper => {
  let last = 0
  return async call => {
    if (isReceipt(call)) return okResponse({ sequence: last })(call)
    const response = await call.forward()
    const number = jsonAt(response.body, '/body/sequence')
    if (typeof number === 'number' && !isChatState(call)) last = number
    return response
  }
}

/** Stored events differ from the sent ones. */
export const publishMutants: readonly Mutant[] = [
  {
    name: 'forgets a chat state',
    rules: ['CS-1'],
    create: respondingTo(isChatState, okResponse({ sequence: 0 })),
  },
  {
    name: 'keeps another chat state',
    rules: ['CS-1'],
    create: changingRequest(isChatState, '/body/event/chatState', (was: unknown) =>
      was === 'COMPOSING' ? 'ACTIVE' : was,
    ),
  },
  {
    name: 'ends COMPOSING with a text',
    rules: ['CS-2'],
    create: () => async call => {
      const response = await call.forward()
      if (isText(call)) await alsoSend(call, { type: 'ChatStateEvent', chatState: 'ACTIVE' })
      return response
    },
  },
  {
    name: 'lets a chat state take a number',
    rules: ['SEQ-4'],
    create: () => async call => {
      if (isChatState(call))
        await alsoSend(call, { type: 'ContentEvent', contentType: 'text/plain', message: '' })
      return call.forward()
    },
  },
  { name: 'lets receipts take no number', rules: ['SEQ-1'], create: receiptsWithoutSequence },
  {
    name: "goes on with the main dialog's numbers in the survey",
    rules: ['SEQ-3'],
    create: continuingSequence,
  },
  {
    name: 'publishes a text twice',
    rules: ['SEQ-1', 'SEQ-6'],
    create: () => async call => {
      if (isText(call)) await call.forward()
      return call.forward()
    },
  },
  {
    name: 'loses a text',
    rules: ['SEQ-1', 'SEQ-6'],
    create: changingRequest(isText, '/body/event', { type: 'ChatStateEvent', chatState: 'ACTIVE' }),
  },
  {
    name: 'changes a text',
    rules: ['PUB-2'],
    create: changingRequest(isText, '/body/event/message', (was: unknown) =>
      typeof was === 'string' ? was.toLowerCase() : was,
    ),
  },
  {
    name: 'drops the metadata of an event',
    rules: ['PUB-10'],
    create: changingRequest(call => isSend(call) && isReceipt(call), '/metadata', undefined),
  },
  {
    name: 'keeps READ as ACCEPT',
    rules: ['PUB-8.1'],
    create: changingRequest(isReceipt, '/body/event/status', 'ACCEPT'),
  },
]
