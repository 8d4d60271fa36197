import { randomUUID } from 'node:crypto'
import { asJson, isJson, type Json, Refusal } from './answer.ts'
import { notTheirs, standInClient } from './tokens.ts'

/** In which way the stand-in is wrong about conversations. */
export interface ConversationFaults {
  /** A chat state is answered with the next number (SEQ-4 says 0). */
  readonly areChatStatesNumbered: boolean
  /** A closed conversation is called `closed` (LIF-2 says `close`). */
  readonly isCloseSpeltOut: boolean
}

interface Conversation {
  readonly id: string
  readonly consumer: string
  nextSequence: number
  isOpen: boolean
}

/** The conversations of the stand-in. */
export interface StandInConversations {
  /** Each with whether it is open. */
  readonly all: ReadonlyMap<string, Readonly<Conversation>>
  /** Answers the body of a request that is no batch. */
  act(request: Json, consumer: string): Json
  /** Opens a conversation; answers its id. */
  open(brandId: unknown, reqId: unknown, consumer: string): string
  publish(event: unknown, conversationId: string): number
}

const chatStates = ['ACTIVE', 'INACTIVE', 'GONE', 'COMPOSING', 'PAUSE']
const statuses = ['ACCEPT', 'READ', 'ACCESS', 'NACK', 'ACTION']

const expect = (isAsExpected: boolean, where: string, expected: string): void => {
  if (!isAsExpected) throw new Refusal(40052, `${where}: expected ${expected}`)
}

/** PUB-8; one number may stand alone: REQ-8. */
const checkNumbers = (numbers: readonly unknown[]): void =>
  expect(
    numbers.length > 0 && numbers.every(number => Number.isInteger(number) && Number(number) >= 0),
    '/body/event/sequenceList',
    'numbers from 0 up',
  )

/** PUB-2, PUB-3, PUB-7, PUB-8, PUB-9. */
function checkEvent(event: Json): void {
  const { type, contentType, message, chatState, status, sequenceList, content } = event
  switch (type) {
    case 'ContentEvent':
      if (contentType === 'text/plain')
        expect(typeof message === 'string', '/body/event/message', 'text')
      else expect(isJson(message), '/body/event/message', 'a file')
      return
    case 'ChatStateEvent':
      expect(chatStates.includes(String(chatState)), '/body/event/chatState', 'a chat state')
      return
    case 'AcceptStatusEvent':
      expect(statuses.includes(String(status)), '/body/event/status', 'a status')
      checkNumbers([sequenceList].flat())
      return
    // PUB-6
    case 'HostedFile':
      expect(isJson(message), '/body/event/message', 'a file')
      return
    case 'RichContentEvent':
      expect(isJson(content) || isJson(message), '/body/event/content', 'an element')
      return
    default:
      throw new Refusal(40052, '/body/event/type: expected a type of event')
  }
}

/** Makes a service without conversations. */
export function createStandInConversations(faults: ConversationFaults): StandInConversations {
  const all = new Map<string, Conversation>()

  const find = (id: unknown, consumer: string): Conversation => {
    const found = all.get(String(id))
    if (found === undefined)
      throw new Refusal(40451, 'Conversation not found', { title: 'Not Found' })
    if (found.consumer !== consumer) throw notTheirs()
    return found
  }

  const requireOpen = ({ isOpen }: Conversation): void => {
    if (!isOpen)
      throw new Refusal(40054, `Conversation is ${faults.isCloseSpeltOut ? 'closed' : 'close'}`)
  }

  const number = (event: Json, conversation: Conversation): number => {
    if (event['type'] !== 'ChatStateEvent') {
      conversation.nextSequence += 1
      return conversation.nextSequence - 1
    }
    return faults.areChatStatesNumbered ? conversation.nextSequence : 0
  }

  const publish = (body: Json, consumer: string): Json => {
    const event = asJson(body['event'], '/body/event')
    checkEvent(event)
    expect(typeof body['dialogId'] === 'string', '/body/dialogId', 'text')
    const conversation = find(body['dialogId'], consumer)
    if ((body['conversationId'] ?? conversation.id) !== conversation.id)
      throw new Refusal(40451, 'Conversation not found', { title: 'Not Found' })
    requireOpen(conversation)
    return { sequence: number(event, conversation) }
  }

  const applyField = (field: Json, conversation: Conversation): string => {
    switch (field['field']) {
      case 'CSATRate': {
        const rate = Number(field['csatRate'])
        expect(rate >= 1 && rate <= 5, '/body/conversationField/csatRate', '1 to 5')
        return 'OK'
      }
      case 'TTRField':
        requireOpen(conversation)
        return 'OK'
      case 'ConversationStateField':
      case 'DialogChange':
      case 'Stage':
        requireOpen(conversation)
        conversation.isOpen = false
        return 'OK Conversation resolved successfully'
      default:
        throw new Refusal(40052, '/body/conversationField/field: expected a field')
    }
  }

  const update = (body: Json, consumer: string): Json => {
    const conversation = find(body['conversationId'], consumer)
    const fields = [body['conversationField']].flat()
    const messages = fields.map(field => applyField(asJson(field, '/body'), conversation))
    return { msg: messages.at(-1) }
  }

  return {
    all,
    open(brandId, reqId, consumer) {
      if (brandId !== standInClient.accountId)
        throw new Refusal(40060, 'brandId is not the account of the path', { reqId })
      if ([...all.values()].some(one => one.isOpen && one.consumer === consumer))
        throw new Refusal(40057, 'Consumer already has an open conversation', { reqId })
      const id = randomUUID()
      all.set(id, { id, consumer, nextSequence: 0, isOpen: true })
      return id
    },
    publish(event, conversationId) {
      const conversation = all.get(conversationId)
      if (conversation === undefined) throw new Refusal(40451, 'Conversation not found')
      return number(asJson(event, '/body/event'), conversation)
    },
    act(request, consumer) {
      const body = asJson(request['body'], '/body')
      switch (request['type']) {
        case 'ms.PublishEvent':
          return publish(body, consumer)
        case 'cm.UpdateConversationField':
          return update(body, consumer)
        case 'userprofile.SetUserProfile':
          return { msg: 'OK User Profile set successfully' }
        default:
          throw new Refusal(40053, `Unsupported type ${String(request['type'])}`)
      }
    },
  }
}
