import { jsonAt } from './json-at.ts'
import {
  changingRequest,
  changingResponse,
  hasValue,
  isAppToken,
  isBaseUris,
  isConsumer,
  isConversation,
  isOk,
  type isSend,
  isStorage,
  isType,
  type Mutant,
  put,
} from './mutant.ts'

const isOkOf =
  (when: (call: Parameters<typeof isSend>[0]) => boolean): Parameters<typeof changingResponse>[0] =>
  (call, response) =>
    when(call) && isOk(call, response)

/** Wrong responses to batches, and of tokens, domains and files. */
export const serviceMutants: readonly Mutant[] = [
  {
    name: 'answers a batch in reverse',
    rules: ['EP-2'],
    create: changingResponse(isOkOf(isConversation), response => ({
      ...response,
      body: Array.isArray(response.body) ? response.body.toReversed() : response.body,
    })),
  },
  {
    name: 'answers a batch with its conversation alone',
    rules: ['EP-2'],
    create: changingResponse(isOkOf(isConversation), response => ({
      ...response,
      body: jsonAt(response.body, '/1'),
    })),
  },
  {
    name: 'answers a conversation id that is none',
    rules: ['RES-4'],
    create: changingResponse(
      isOkOf(isConversation),
      put('/1/body/conversationId', 'no-conversation'),
    ),
  },
  {
    name: 'answers no number for the first message',
    rules: ['CON-2'],
    create: changingResponse(isOkOf(isConversation), put('/2/body/sequence', undefined)),
  },
  {
    name: 'calls the token type bearer',
    rules: ['EP-9'],
    create: changingResponse(isOkOf(isAppToken), put('/token_type', 'bearer')),
  },
  {
    name: 'answers a wrong secret with invalid_request',
    rules: ['EP-12.2'],
    create: changingResponse(
      isAppToken,
      put('/error', (was: unknown) => (was === 'invalid_client' ? 'invalid_request' : was)),
    ),
  },
  {
    name: 'answers another grant with invalid_grant',
    rules: ['EP-12.2'],
    create: changingResponse(
      isAppToken,
      put('/error', (was: unknown) => (was === 'unsupported_grant_type' ? 'invalid_grant' : was)),
    ),
  },
  {
    name: 'answers a ConsumerJWS with 200',
    rules: ['EP-13'],
    create: changingResponse(
      (call, { status }) => isConsumer(call) && status === 201,
      response => ({ ...response, status: 200 }),
    ),
  },
  {
    name: 'answers hosts of the Domain API with a scheme',
    rules: ['EP-5.2', 'EP-6.1'],
    create: changingResponse(
      isBaseUris,
      put('/baseURIs/0/baseURI', (was: unknown) => `http://${String(was)}`),
    ),
  },
  {
    name: 'leaves a service out',
    rules: ['EP-8.1', 'EP-8.4'],
    create: changingResponse(
      isBaseUris,
      put('/baseURIs', (was: unknown) => (was as unknown[]).slice(0, -1)),
    ),
  },
  {
    name: 'names another account',
    rules: ['EP-6.1'],
    create: changingResponse(isBaseUris, put('/baseURIs/3/account', 'another')),
  },
  {
    name: 'takes any secret',
    rules: ['EP-12.1'],
    create: () => call =>
      isAppToken(call)
        ? call.forward({
            path: `${call.request.path}&client_id=sendbox-client&client_secret=sendbox-secret`,
            headers: { 'content-type': 'text/plain' },
          })
        : call.forward(),
  },
  {
    name: 'does not check the signature of an upload',
    rules: ['EP-15'],
    create: changingResponse(isStorage, response =>
      response.status === 401 ? { status: 201, bytes: Buffer.alloc(0) } : response,
    ),
  },
  {
    name: 'answers an upload with 200',
    rules: ['EP-15'],
    create: changingResponse(isStorage, response =>
      response.status === 201 ? { status: 200, bytes: Buffer.alloc(0) } : response,
    ),
  },
  {
    name: 'hands out other bytes',
    rules: ['EP-15'],
    create: changingResponse(isStorage, response =>
      response.status === 200 ? { status: 200, bytes: Buffer.from('other') } : response,
    ),
  },
  {
    name: 'takes one byte too many',
    rules: ['PUB-5.1'],
    create: changingRequest(hasValue('/body/fileSize', 3_145_729), '/body/fileSize', 3_145_728),
  },
  {
    name: 'takes any type of file',
    rules: ['PUB-4.1'],
    create: changingRequest(hasValue('/body/fileType', 'EXE'), '/body/fileType', 'PNG'),
  },
  {
    name: 'names the signature of an upload otherwise',
    rules: ['URL-1'],
    create: changingResponse(
      isType('ms.GenerateURLForUploadFile'),
      put('/body/queryParams/temp_url_sig', undefined),
    ),
  },
]
