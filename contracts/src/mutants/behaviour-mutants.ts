import { jsonAt, withJsonAt } from './json-at.ts'
import {
  answering,
  asks,
  ignoring,
  isAppToken,
  isConversation,
  isError,
  isEvent,
  isField,
  isSend,
  isStorage,
  isType,
  type Mutant,
  type MutantCall,
  okAnswer,
  put,
  requesting,
  type When,
  type Wrapper,
} from './mutant.ts'

const isText = isEvent('ContentEvent')
const isChatState = isEvent('ChatStateEvent')
const isReceipt = isEvent('AcceptStatusEvent')
const fieldPointer = '/body/conversationField'
const resolved = okAnswer({ msg: 'OK Conversation resolved successfully' })

const dialogIdOf = ({ body }: MutantCall): unknown => jsonAt(body, '/body/dialogId')

/** Another call of the same caller. */
const alsoSend = (call: MutantCall, event: unknown) =>
  call.pass({ body: withJsonAt(call.body, '/body/event', event) })

/** Answers what a broken call would have come to if it had been right. */
const takesAllTheSame =
  (when: (call: MutantCall, code: unknown) => boolean, result: unknown): Mutant['create'] =>
  () =>
  async call => {
    const answer = await call.pass()
    const code = jsonAt(answer.body, '/body/errorCode')
    return when(call, code) ? okAnswer(result)(call) : answer
  }

/** Goes on counting from the main dialog in the survey. */
const countsOn = (): Wrapper => {
  let mainCount = 0
  let main: unknown
  return async call => {
    const answer = await call.pass()
    main ??= isText(call) ? dialogIdOf(call) : undefined
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

/** What is done is wrong. */
export const behaviourMutants: readonly Mutant[] = [
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
    create: ignoring(isText, okAnswer({ sequence: 0 })),
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
  {
    name: 'takes a rating of 6',
    rules: ['UPD-5'],
    create: requesting(
      asks('/body/conversationField/csatRate', 6),
      '/body/conversationField/csatRate',
      5,
    ),
  },
  {
    name: 'takes an empty list of numbers',
    rules: ['PUB-8.2'],
    create: requesting(isReceipt, '/body/event/sequenceList', (was: unknown) =>
      Array.isArray(was) && was.length === 0 ? [0] : was,
    ),
  },
  {
    name: 'takes an unknown type as a text',
    rules: ['REQ-3.2'],
    create: requesting(isType('ms.Foo'), '/type', 'ms.PublishEvent'),
  },
  {
    name: 'takes the first request of a batch on SEND',
    rules: ['EP-4.1'],
    create: () => call =>
      isSend(call) && Array.isArray(call.body) ? call.pass({ body: call.body[0] }) : call.pass(),
  },
  {
    name: 'takes any version',
    rules: ['EP-3.1'],
    create: () => call =>
      isSend(call) ? call.pass({ path: `${call.request.path.split('?')[0]}?v=3` }) : call.pass(),
  },
  {
    name: 'takes a missing version for 3',
    rules: ['EP-3.2'],
    create: () => call =>
      isSend(call) && !call.request.path.includes('v=')
        ? call.pass({ path: `${call.request.path}v=3` })
        : call.pass(),
  },
  {
    name: 'takes any media type',
    rules: ['REQ-7.2'],
    create: () => call =>
      isSend(call) ? call.pass({ headers: { 'content-type': 'application/json' } }) : call.pass(),
  },
  {
    name: 'takes a conversation of another brand',
    rules: ['CON-3'],
    create: requesting(isConversation, '/1/body/brandId', '12345678'),
  },
  {
    name: 'takes a second conversation',
    rules: ['CON-4.1'],
    create: answering(isError(40057), () => ({
      status: 200,
      body: [
        { code: 'OK', body: {}, reqId: '1,' },
        { code: 'OK', body: { conversationId: 'x' }, reqId: '2,' },
      ],
    })),
  },
  {
    name: 'forgets the first message',
    rules: ['CON-2'],
    create: () => call =>
      isConversation(call) && Array.isArray(call.body) && call.body.length === 3
        ? call.pass({ body: call.body.slice(0, 2) })
        : call.pass(),
  },
  {
    name: 'takes any secret',
    rules: ['EP-12.1'],
    create: () => call =>
      isAppToken(call)
        ? call.pass({
            path: `${call.request.path}&client_id=sendbox-client&client_secret=sendbox-secret`,
            headers: { 'content-type': 'text/plain' },
          })
        : call.pass(),
  },
  {
    name: 'does not check the signature of an upload',
    rules: ['EP-15'],
    create: answering(isStorage, answer =>
      answer.status === 401 ? { status: 201, bytes: Buffer.alloc(0) } : answer,
    ),
  },
  {
    name: 'answers an upload with 200',
    rules: ['EP-15'],
    create: answering(isStorage, answer =>
      answer.status === 201 ? { status: 200, bytes: Buffer.alloc(0) } : answer,
    ),
  },
  {
    name: 'hands out other bytes',
    rules: ['EP-15'],
    create: answering(isStorage, answer =>
      answer.status === 200 ? { status: 200, bytes: Buffer.from('other') } : answer,
    ),
  },
  {
    name: 'takes one byte too many',
    rules: ['PUB-5.1'],
    create: requesting(asks('/body/fileSize', 3_145_729), '/body/fileSize', 3_145_728),
  },
  {
    name: 'takes any type of file',
    rules: ['PUB-4.1'],
    create: requesting(asks('/body/fileType', 'EXE'), '/body/fileType', 'PNG'),
  },
  {
    name: 'names the signature of an upload otherwise',
    rules: ['URL-1'],
    create: answering(
      isType('ms.GenerateURLForUploadFile'),
      put('/body/queryParams/temp_url_sig', undefined),
    ),
  },
]
