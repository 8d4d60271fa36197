import {
  changingRequest,
  changingResponse,
  hasValue,
  isConversation,
  isError,
  isEvent,
  isSend,
  isType,
  type Mutant,
} from './mutant.ts'

const isReceipt = isEvent('AcceptStatusEvent')

/** Accepts requests that must be refused. */
export const lenientMutants: readonly Mutant[] = [
  {
    name: 'takes a rating of 6',
    rules: ['UPD-5'],
    create: changingRequest(
      hasValue('/body/conversationField/csatRate', 6),
      '/body/conversationField/csatRate',
      5,
    ),
  },
  {
    name: 'takes an empty list of numbers',
    rules: ['PUB-8.2'],
    create: changingRequest(isReceipt, '/body/event/sequenceList', (was: unknown) =>
      Array.isArray(was) && was.length === 0 ? [0] : was,
    ),
  },
  {
    name: 'takes an unknown type as a text',
    rules: ['REQ-3.2'],
    create: changingRequest(isType('ms.Foo'), '/type', 'ms.PublishEvent'),
  },
  {
    name: 'takes the first request of a batch on SEND',
    rules: ['EP-4.1'],
    create: () => call =>
      isSend(call) && Array.isArray(call.body)
        ? call.forward({ body: call.body[0] })
        : call.forward(),
  },
  {
    name: 'takes any version',
    rules: ['EP-3.1'],
    create: () => call =>
      isSend(call)
        ? call.forward({ path: `${call.request.path.split('?')[0]}?v=3` })
        : call.forward(),
  },
  {
    name: 'takes a missing version for 3',
    rules: ['EP-3.2'],
    create: () => call =>
      isSend(call) && !call.request.path.includes('v=')
        ? call.forward({ path: `${call.request.path.split('?')[0]}?v=3` })
        : call.forward(),
  },
  {
    name: 'takes any media type',
    rules: ['REQ-7.2'],
    create: () => call =>
      isSend(call)
        ? call.forward({ headers: { 'content-type': 'application/json' } })
        : call.forward(),
  },
  {
    name: 'takes a conversation of another brand',
    rules: ['CON-3'],
    create: changingRequest(isConversation, '/1/body/brandId', '12345678'),
  },
  {
    name: 'takes a second conversation',
    rules: ['CON-4.1'],
    create: changingResponse(isError(40057), () => ({
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
        ? call.forward({ body: call.body.slice(0, 2) })
        : call.forward(),
  },
]
