import { jsonAt } from './json-at.ts'
import {
  add,
  changingResponse,
  isEvent,
  isField,
  isOk,
  isSend,
  type Mutant,
  put,
} from './mutant.ts'

const sequence = '/body/sequence'

const plus =
  (step: number) =>
  (was: unknown): number =>
    Number(was) + step

const isOkOf =
  (when: (call: Parameters<typeof isSend>[0]) => boolean): Parameters<typeof changingResponse>[0] =>
  (call, response) =>
    when(call) && isOk(call, response)

const isNumbered = isOkOf(call => isSend(call) && !isEvent('ChatStateEvent')(call))

/** Wrong responses of SEND; the state is right. */
export const successMutants: readonly Mutant[] = [
  {
    name: 'counts from 1',
    rules: ['SEQ-1'],
    create: changingResponse(isNumbered, put(sequence, plus(1))),
  },
  {
    name: 'never counts',
    rules: ['SEQ-1'],
    create: changingResponse(isNumbered, put(sequence, 0)),
  },
  {
    name: 'counts in steps of 2',
    rules: ['SEQ-1'],
    create: changingResponse(
      isNumbered,
      put(sequence, (was: unknown) => Number(was) * 2),
    ),
  },
  {
    name: 'answers the number as text',
    rules: ['RES-3'],
    create: changingResponse(isNumbered, put(sequence, String)),
  },
  {
    name: 'answers without a number',
    rules: ['RES-3'],
    create: changingResponse(isNumbered, put(sequence, undefined)),
  },
  {
    name: 'answers a chat state with a number of its own',
    rules: ['SEQ-4'],
    create: changingResponse(isOkOf(isEvent('ChatStateEvent')), put(sequence, plus(1))),
  },
  {
    name: 'answers a chat state without a number',
    rules: ['SEQ-4'],
    create: changingResponse(isOkOf(isEvent('ChatStateEvent')), put(sequence, undefined)),
  },
  {
    name: 'answers a receipt with the number that it names',
    rules: ['SEQ-1'],
    create: changingResponse(isOkOf(isEvent('AcceptStatusEvent')), (response, { body }) =>
      put(sequence, jsonAt(body, '/body/event/sequenceList/0'))(response),
    ),
  },
  {
    name: 'drops the reqId',
    rules: ['RES-2'],
    create: changingResponse(isOkOf(isSend), put('/reqId', undefined)),
  },
  {
    name: 'answers every reqId with 1',
    rules: ['RES-2'],
    create: changingResponse(isOkOf(isSend), put('/reqId', '1')),
  },
  {
    name: 'strips the comma of a reqId',
    rules: ['RES-2'],
    create: changingResponse(
      isOkOf(isSend),
      put('/reqId', (was: unknown) => String(was).replace(',', '')),
    ),
  },
  {
    name: 'answers the reqId as a number',
    rules: ['RES-2'],
    create: changingResponse(isOkOf(isSend), put('/reqId', Number)),
  },
  {
    name: 'answers code 200 in place of OK',
    rules: ['RES-1'],
    create: changingResponse(isOkOf(isSend), put('/code', 200)),
  },
  {
    name: 'answers without a code',
    rules: ['RES-1'],
    create: changingResponse(isOkOf(isSend), put('/code', undefined)),
  },
  {
    name: 'answers without a body',
    rules: ['RES-1'],
    create: changingResponse(isOkOf(isSend), put('/body', undefined)),
  },
  {
    name: 'gives a success the kind of an error',
    rules: ['RES-1'],
    create: changingResponse(isOkOf(isSend), add('/kind', 'resp')),
  },
  {
    name: 'answers SEND with 201',
    rules: ['RES-1'],
    create: changingResponse(isOkOf(isSend), response => ({ ...response, status: 201 })),
  },
  {
    name: 'answers a close with another text',
    rules: ['RES-5.1'],
    create: changingResponse(isOkOf(isField('ConversationStateField')), put('/body/msg', 'OK')),
  },
]
