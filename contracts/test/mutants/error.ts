import { add, changingResponse, isError, isRefused, type Mutant, put } from './mutant.ts'

/** Whether a text has the form of a token. */
const isToken = (text = ''): boolean => text.split('.').length === 3

/** Wrong error responses. */
export const errorMutants: readonly Mutant[] = [
  {
    name: 'answers a closed conversation with 404',
    rules: ['LIF-2.1', 'LIF-2.2'],
    create: changingResponse(isError(40054), response =>
      put('/code', 404)({ ...response, status: 404 }),
    ),
  },
  {
    name: 'calls a closed conversation an event that is not taken',
    rules: ['LIF-2.1'],
    create: changingResponse(isError(40054), put('/body/errorCode', 40055)),
  },
  {
    name: 'says "Conversation is closed"',
    rules: ['LIF-2.1'],
    create: changingResponse(isError(40054), put('/body/details', 'Conversation is closed')),
  },
  {
    name: 'drops the errorCode',
    rules: ['AUTH-5', 'RES-6'],
    create: changingResponse(isRefused, put('/body/errorCode', undefined)),
  },
  {
    name: 'answers the errorCode as text',
    rules: ['AUTH-5', 'RES-6'],
    create: changingResponse(isRefused, put('/body/errorCode', String)),
  },
  {
    name: 'drops the title of errors',
    rules: ['AUTH-5', 'RES-6'],
    create: changingResponse(isRefused, put('/body/title', undefined)),
  },
  {
    name: 'drops the details of errors',
    rules: ['AUTH-5', 'RES-6'],
    create: changingResponse(isRefused, put('/body/details', undefined)),
  },
  {
    name: 'drops the type of errors',
    rules: ['AUTH-5', 'RES-6'],
    create: changingResponse(isRefused, put('/type', undefined)),
  },
  {
    name: 'drops the kind of errors',
    rules: ['AUTH-5', 'RES-6'],
    create: changingResponse(isRefused, put('/kind', undefined)),
  },
  {
    name: 'answers the code of errors as text',
    rules: ['AUTH-5', 'RES-6'],
    create: changingResponse(isRefused, put('/code', String)),
  },
  {
    name: 'gives an authorization error a reqId',
    rules: ['AUTH-5'],
    create: changingResponse((_call, { status }) => status === 401, add('/reqId', '1')),
  },
  {
    name: 'drops the reqId of errors',
    rules: ['RES-2'],
    create: changingResponse(isRefused, put('/reqId', undefined)),
  },
  {
    name: 'answers 403 in place of 401',
    rules: ['AUTH-5'],
    create: changingResponse(
      (_call, { status }) => status === 401,
      response => ({ ...response, status: 403 }),
    ),
  },
  {
    name: 'calls a missing AppJWT an invalid one',
    rules: ['AUTH-6'],
    create: changingResponse(isError(40105), put('/body/errorCode', 40102)),
  },
  {
    name: 'calls an invalid AppJWT a missing one',
    rules: ['AUTH-6'],
    create: changingResponse(isError(40102), put('/body/errorCode', 40105)),
  },
  {
    name: 'calls a missing ConsumerJWS an invalid one',
    rules: ['AUTH-6'],
    create: changingResponse(isError(40104), put('/body/errorCode', 40103)),
  },
  {
    name: "calls another consumer's conversation unknown",
    rules: ['AUTH-9.1'],
    create: changingResponse(
      (call, response) =>
        isToken(call.request.headers['x-lp-on-behalf']) && isError(40103)(call, response),
      response => put('/body/errorCode', 40451)({ ...response, status: 404 }),
    ),
  },
  {
    name: 'answers another version with 400',
    rules: ['EP-3.1'],
    create: changingResponse(isError(40450), response => ({ ...response, status: 400 })),
  },
]
