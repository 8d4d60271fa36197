import { jsonAt } from './json-at.ts'
import {
  add,
  answering,
  isAppToken,
  isBaseUris,
  isConsumer,
  isConversation,
  isError,
  isEvent,
  isField,
  isOk,
  isRefused,
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
  (when: (call: Parameters<typeof isSend>[0]) => boolean): Parameters<typeof answering>[0] =>
  (call, answer) =>
    when(call) && isOk(call, answer)

const isNumbered = isOkOf(call => isSend(call) && !isEvent('ChatStateEvent')(call))

/** Answers that are wrong, while what is done is right. */
export const answerMutants: readonly Mutant[] = [
  {
    name: 'counts from 1',
    rules: ['SEQ-1'],
    create: answering(isNumbered, put(sequence, plus(1))),
  },
  { name: 'never counts', rules: ['SEQ-1'], create: answering(isNumbered, put(sequence, 0)) },
  {
    name: 'counts in steps of 2',
    rules: ['SEQ-1'],
    create: answering(
      isNumbered,
      put(sequence, (was: unknown) => Number(was) * 2),
    ),
  },
  {
    name: 'answers the number as text',
    rules: ['RES-3'],
    create: answering(isNumbered, put(sequence, String)),
  },
  {
    name: 'answers without a number',
    rules: ['RES-3'],
    create: answering(isNumbered, put(sequence, undefined)),
  },
  {
    name: 'answers a chat state with a number of its own',
    rules: ['SEQ-4'],
    create: answering(isOkOf(isEvent('ChatStateEvent')), put(sequence, plus(1))),
  },
  {
    name: 'answers a chat state without a number',
    rules: ['SEQ-4'],
    create: answering(isOkOf(isEvent('ChatStateEvent')), put(sequence, undefined)),
  },
  {
    name: 'answers a receipt with the number that it names',
    rules: ['SEQ-1'],
    create: answering(isOkOf(isEvent('AcceptStatusEvent')), (answer, { body }) =>
      put(sequence, jsonAt(body, '/body/event/sequenceList/0'))(answer),
    ),
  },
  {
    name: 'drops the reqId',
    rules: ['RES-2'],
    create: answering(isOkOf(isSend), put('/reqId', undefined)),
  },
  {
    name: 'answers every reqId with 1',
    rules: ['RES-2'],
    create: answering(isOkOf(isSend), put('/reqId', '1')),
  },
  {
    name: 'strips the comma of a reqId',
    rules: ['RES-2'],
    create: answering(
      isOkOf(isSend),
      put('/reqId', (was: unknown) => String(was).replace(',', '')),
    ),
  },
  {
    name: 'answers the reqId as a number',
    rules: ['RES-2'],
    create: answering(isOkOf(isSend), put('/reqId', Number)),
  },
  {
    name: 'answers code 200 in place of OK',
    rules: ['RES-1'],
    create: answering(isOkOf(isSend), put('/code', 200)),
  },
  {
    name: 'answers without a code',
    rules: ['RES-1'],
    create: answering(isOkOf(isSend), put('/code', undefined)),
  },
  {
    name: 'answers without a body',
    rules: ['RES-1'],
    create: answering(isOkOf(isSend), put('/body', undefined)),
  },
  {
    name: 'gives a success the kind of an error',
    rules: ['RES-1'],
    create: answering(isOkOf(isSend), add('/kind', 'resp')),
  },
  {
    name: 'answers SEND with 201',
    rules: ['RES-1'],
    create: answering(isOkOf(isSend), answer => ({ ...answer, status: 201 })),
  },
  {
    name: 'answers a close with another text',
    rules: ['RES-5.1'],
    create: answering(isOkOf(isField('ConversationStateField')), put('/body/msg', 'OK')),
  },
  {
    name: 'answers a closed conversation with 404',
    rules: ['LIF-2.1', 'LIF-2.2'],
    create: answering(isError(40054), answer => put('/code', 404)({ ...answer, status: 404 })),
  },
  {
    name: 'calls a closed conversation an event that is not taken',
    rules: ['LIF-2.1'],
    create: answering(isError(40054), put('/body/errorCode', 40055)),
  },
  {
    name: 'says "Conversation is closed"',
    rules: ['LIF-2.1'],
    create: answering(isError(40054), put('/body/details', 'Conversation is closed')),
  },
  {
    name: 'drops the errorCode',
    rules: ['AUTH-5', 'RES-6'],
    create: answering(isRefused, put('/body/errorCode', undefined)),
  },
  {
    name: 'answers the errorCode as text',
    rules: ['AUTH-5', 'RES-6'],
    create: answering(isRefused, put('/body/errorCode', String)),
  },
  {
    name: 'drops the title of errors',
    rules: ['AUTH-5', 'RES-6'],
    create: answering(isRefused, put('/body/title', undefined)),
  },
  {
    name: 'drops the details of errors',
    rules: ['AUTH-5', 'RES-6'],
    create: answering(isRefused, put('/body/details', undefined)),
  },
  {
    name: 'drops the type of errors',
    rules: ['AUTH-5', 'RES-6'],
    create: answering(isRefused, put('/type', undefined)),
  },
  {
    name: 'drops the kind of errors',
    rules: ['AUTH-5', 'RES-6'],
    create: answering(isRefused, put('/kind', undefined)),
  },
  {
    name: 'answers the code of errors as text',
    rules: ['AUTH-5', 'RES-6'],
    create: answering(isRefused, put('/code', String)),
  },
  {
    name: 'gives an authorization error a reqId',
    rules: ['AUTH-5'],
    create: answering((_call, { status }) => status === 401, add('/reqId', '1')),
  },
  {
    name: 'drops the reqId of errors',
    rules: ['RES-2'],
    create: answering(isRefused, put('/reqId', undefined)),
  },
  {
    name: 'answers 403 in place of 401',
    rules: ['AUTH-5'],
    create: answering(
      (_call, { status }) => status === 401,
      answer => ({ ...answer, status: 403 }),
    ),
  },
  {
    name: 'calls a missing AppJWT an invalid one',
    rules: ['AUTH-6'],
    create: answering(isError(40105), put('/body/errorCode', 40102)),
  },
  {
    name: 'calls an invalid AppJWT a missing one',
    rules: ['AUTH-6'],
    create: answering(isError(40102), put('/body/errorCode', 40105)),
  },
  {
    name: 'calls a missing ConsumerJWS an invalid one',
    rules: ['AUTH-6'],
    create: answering(isError(40104), put('/body/errorCode', 40103)),
  },
  {
    name: "calls another consumer's conversation unknown",
    rules: ['AUTH-9.1'],
    create: answering(isError(40103), answer =>
      put('/body/errorCode', 40451)({ ...answer, status: 404 }),
    ),
  },
  {
    name: 'answers another version with 400',
    rules: ['EP-3.1'],
    create: answering(isError(40450), answer => ({ ...answer, status: 400 })),
  },
  {
    name: 'answers a batch in reverse',
    rules: ['EP-2'],
    create: answering(isOkOf(isConversation), answer => ({
      ...answer,
      body: Array.isArray(answer.body) ? answer.body.toReversed() : answer.body,
    })),
  },
  {
    name: 'answers a batch with its conversation alone',
    rules: ['EP-2'],
    create: answering(isOkOf(isConversation), answer => ({
      ...answer,
      body: jsonAt(answer.body, '/1'),
    })),
  },
  {
    name: 'answers a conversation id that is none',
    rules: ['RES-4'],
    create: answering(isOkOf(isConversation), put('/1/body/conversationId', 'no-conversation')),
  },
  {
    name: 'answers no number for the first message',
    rules: ['CON-2'],
    create: answering(isOkOf(isConversation), put('/2/body/sequence', undefined)),
  },
  {
    name: 'calls the token type bearer',
    rules: ['EP-9'],
    create: answering(isOkOf(isAppToken), put('/token_type', 'bearer')),
  },
  {
    name: 'answers a wrong secret with invalid_request',
    rules: ['EP-12.2'],
    create: answering(
      isAppToken,
      put('/error', (was: unknown) => (was === 'invalid_client' ? 'invalid_request' : was)),
    ),
  },
  {
    name: 'answers another grant with invalid_grant',
    rules: ['EP-12.2'],
    create: answering(
      isAppToken,
      put('/error', (was: unknown) => (was === 'unsupported_grant_type' ? 'invalid_grant' : was)),
    ),
  },
  {
    name: 'answers a ConsumerJWS with 200',
    rules: ['EP-13'],
    create: answering(
      (call, { status }) => isConsumer(call) && status === 201,
      answer => ({ ...answer, status: 200 }),
    ),
  },
  {
    name: 'answers hosts of the Domain API with a scheme',
    rules: ['EP-5.2', 'EP-6.1'],
    create: answering(
      isBaseUris,
      put('/baseURIs/0/baseURI', (was: unknown) => `http://${String(was)}`),
    ),
  },
  {
    name: 'leaves a service out',
    rules: ['EP-8.1'],
    create: answering(
      isBaseUris,
      put('/baseURIs', (was: unknown) => (was as unknown[]).slice(0, -1)),
    ),
  },
  {
    name: 'names another account',
    rules: ['EP-6.1'],
    create: answering(isBaseUris, put('/baseURIs/3/account', 'another')),
  },
]
