import { jsonAt } from './json-at.ts'
import {
  changingRequest,
  changingResponse,
  hasValue,
  isAppToken,
  isConsumer,
  isConversation,
  isEvent,
  isOk,
  isSend,
  type Mutant,
  type MutantResponse,
  put,
  respondingTo,
  type When,
} from './mutant.ts'

const refusal = (): MutantResponse => ({
  status: 400,
  body: {
    kind: 'resp',
    code: 400,
    body: { title: 'Bad Request', details: 'Refused', errorCode: 40052 },
    type: '.ReqBody$ErrorResp',
  },
})

const refusing = (...conditions: readonly When[]): Mutant['create'] =>
  respondingTo(call => conditions.every(when => when(call)), refusal)

const has =
  (pointer: string): When =>
  ({ body }) =>
    jsonAt(body, pointer) !== undefined

const isWithout =
  (...names: readonly string[]): When =>
  ({ request }) =>
    names.every(name => !new URLSearchParams(request.path.split('?')[1]).has(name))

const openingAt = '/1/body'

/** Refuses requests that connectors send and a service accepts. */
export const strictMutants: readonly Mutant[] = [
  {
    name: 'refuses a conversation id beside the dialog id',
    rules: ['PUB-1.2'],
    create: refusing(isSend, has('/body/dialogId'), has('/body/conversationId')),
  },
  {
    name: 'refuses fields that it does not know',
    rules: ['REQ-4'],
    create: refusing(isSend, has('/body/skillId')),
  },
  {
    name: 'refuses a bare element in the place of an array',
    rules: ['REQ-8'],
    create: refusing(({ body }) => typeof jsonAt(body, '/body/event/sequenceList') === 'number'),
  },
  {
    name: 'refuses bare metadata',
    rules: ['REQ-8'],
    create: refusing(has('/metadata/type')),
  },
  {
    name: 'refuses a receipt for a number that is not assigned',
    rules: ['PUB-8a'],
    create: refusing(hasValue('/body/event/sequenceList/0', 99)),
  },
  {
    name: 'refuses a file type in small letters',
    rules: ['PUB-4.2'],
    create: refusing(hasValue('/body/event/message/fileType', 'png')),
  },
  {
    name: 'refuses HostedFile as contentType',
    rules: ['PUB-6.1', 'PUB-6.2'],
    create: refusing(hasValue('/body/event/contentType', 'HostedFile')),
  },
  {
    name: 'refuses HostedFile as an event',
    rules: ['PUB-6.1', 'PUB-6.2'],
    create: refusing(isEvent('HostedFile')),
  },
  {
    name: 'refuses a card whose content is its message',
    rules: ['PUB-9'],
    create: refusing(isEvent('RichContentEvent'), has('/body/event/message')),
  },
  {
    name: 'refuses several fields in one request',
    rules: ['UPD-1', 'UPD-1a'],
    create: refusing(has('/body/conversationField/1')),
  },
  {
    name: 'refuses a ttrDefName CUSTOM',
    rules: ['CON-1a'],
    create: refusing(isConversation, hasValue(`${openingAt}/ttrDefName`, 'CUSTOM')),
  },
  {
    name: 'refuses numbers as ids of a campaign',
    rules: ['CON-1b'],
    create: refusing(isConversation, hasValue(`${openingAt}/campaignInfo/campaignId`, 1)),
  },
  {
    name: 'refuses a batch in another order',
    rules: ['CON-2a'],
    create: refusing(isConversation, hasValue('/0/type', 'cm.ConsumerRequestConversation')),
  },
  {
    name: "refuses a profile in the form of the page's table",
    rules: ['PRO-1a'],
    create: refusing(isConversation, has('/0/body/authenticatedData/lp_sdes/0/ctmrinfo')),
  },
  {
    name: 'refuses Client-Properties that is no JSON',
    rules: ['REQ-6.2'],
    create: refusing(({ request }) => request.headers['client-properties'] === '{no JSON'),
  },
  {
    name: 'refuses an AppJWT after Bearer',
    rules: ['AUTH-1.2'],
    create: refusing(
      ({ request }) => request.headers['authorization']?.startsWith('Bearer ') ?? false,
    ),
  },
  {
    name: 'knows the Domain API with .json only',
    rules: ['EP-6.2'],
    create: refusing(({ request }) => /\/baseURI\?/.test(request.path)),
  },
  {
    name: 'refuses the token version 2.0',
    rules: ['EP-10.2'],
    create: refusing(isAppToken, ({ request }) => request.path.includes('v=2.0')),
  },
  {
    name: 'wants a version for a ConsumerJWS',
    rules: ['EP-14.1'],
    create: refusing(isConsumer, isWithout('v')),
  },
  {
    name: 'does not say how long an AppJWT lives',
    rules: ['EP-11'],
    create: changingResponse(
      (call, response) => isAppToken(call) && isOk(call, response),
      put('/expires_in', undefined),
    ),
  },
  {
    name: 'writes the code of an answer first',
    rules: ['RES-1a'],
    create: changingResponse(
      (call, response) => isSend(call) && isOk(call, response),
      response => {
        const { code, ...others } = response.body as { readonly code: unknown }
        return { ...response, body: { code, ...others } }
      },
    ),
  },
  {
    name: 'takes NORMAL for URGENT',
    rules: ['LIF-7a'],
    create: changingRequest(
      hasValue(`${openingAt}/ttrDefName`, 'NORMAL'),
      `${openingAt}/ttrDefName`,
      'URGENT',
    ),
  },
  {
    name: 'sends no automatic message',
    rules: ['LIF-8', 'REQ-6.1'],
    create: () => call => call.forward({ headers: { 'client-properties': undefined } }),
  },
]
