import { jsonAt, withJsonAt } from './json-at.ts'
import {
  ignoring,
  isConversation,
  isEvent,
  isSend,
  type Mutant,
  type MutantCall,
  okAnswer,
  put,
  requesting,
  type Wrapper,
} from './mutant.ts'

const isText = isEvent('ContentEvent')
const isChatState = isEvent('ChatStateEvent')
const isReceipt = isEvent('AcceptStatusEvent')

const dialogIdOf = ({ body }: MutantCall): unknown => jsonAt(body, '/body/dialogId')

/** Another call of the same caller. */
const alsoSend = (call: MutantCall, event: unknown) =>
  call.pass({ body: withJsonAt(call.body, '/body/event', event) })

/** Goes on counting from the main dialog in the survey; another conversation begins anew. */
const countsOn = (): Wrapper => {
  let mainCount = 0
  let main: unknown
  return async call => {
    const answer = await call.pass()
    if (isConversation(call) && answer.status === 200) {
      main = jsonAt(answer.body, '/1/body/conversationId')
      mainCount = 0
    }
    const number = jsonAt(answer.body, '/body/sequence')
    if (typeof number !== 'number' || isChatState(call)) return answer
    if (dialogIdOf(call) === main) {
      mainCount = number + 1
      return answer
    }
    return put('/body/sequence', number + mainCount)(answer)
  }
}

/** Gives the same receipt number again. */
const receiptsTakeNone = (): Wrapper => {
  let last = 0
  return async call => {
    if (isReceipt(call)) return okAnswer({ sequence: last })(call)
    const answer = await call.pass()
    const number = jsonAt(answer.body, '/body/sequence')
    if (typeof number === 'number' && !isChatState(call)) last = number
    return answer
  }
}

/** Events that are kept otherwise than they were sent. */
export const publishMutants: readonly Mutant[] = [
  {
    name: 'forgets a chat state',
    rules: ['CS-1'],
    create: ignoring(isChatState, okAnswer({ sequence: 0 })),
  },
  {
    name: 'keeps another chat state',
    rules: ['CS-1'],
    create: requesting(isChatState, '/body/event/chatState', (was: unknown) =>
      was === 'COMPOSING' ? 'ACTIVE' : was,
    ),
  },
  {
    name: 'ends COMPOSING with a text',
    rules: ['CS-2'],
    create: () => async call => {
      const answer = await call.pass()
      if (isText(call)) await alsoSend(call, { type: 'ChatStateEvent', chatState: 'ACTIVE' })
      return answer
    },
  },
  {
    name: 'lets a chat state take a number',
    rules: ['SEQ-4'],
    create: () => async call => {
      if (isChatState(call))
        await alsoSend(call, { type: 'ContentEvent', contentType: 'text/plain', message: '' })
      return call.pass()
    },
  },
  { name: 'lets receipts take no number', rules: ['SEQ-1'], create: receiptsTakeNone },
  {
    name: "goes on with the main dialog's numbers in the survey",
    rules: ['SEQ-3'],
    create: countsOn,
  },
  {
    name: 'publishes a text twice',
    rules: ['SEQ-1', 'SEQ-6'],
    create: () => async call => {
      if (isText(call)) await call.pass()
      return call.pass()
    },
  },
  {
    name: 'loses a text',
    rules: ['SEQ-1', 'SEQ-6'],
    create: requesting(isText, '/body/event', { type: 'ChatStateEvent', chatState: 'ACTIVE' }),
  },
  {
    name: 'changes a text',
    rules: ['PUB-2'],
    create: requesting(isText, '/body/event/message', (was: unknown) =>
      typeof was === 'string' ? was.toLowerCase() : was,
    ),
  },
  {
    name: 'drops the metadata of an event',
    rules: ['PUB-10'],
    create: requesting(call => isSend(call) && isReceipt(call), '/metadata', undefined),
  },
  {
    name: 'keeps READ as ACCEPT',
    rules: ['PUB-8.1'],
    create: requesting(isReceipt, '/body/event/status', 'ACCEPT'),
  },
]
