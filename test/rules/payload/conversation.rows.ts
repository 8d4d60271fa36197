import { expect } from 'vitest'
import { by, listing, view } from '../calls.ts'
import {
  close,
  firstMessage,
  open,
  opening,
  profile,
  publish,
  sendBatch,
  text,
} from '../requests.ts'
import { answers, hasNo, type Row, refuses, refusesAt, shows, takes } from '../row.ts'
import { conversationId } from '../world.ts'

const strict = { mode: 'strict' } as const
const fresh = { hasConversation: false } as const

const batchOf = (body: object) => sendBatch([profile, opening(body)])

const atOpening = (pointer: string) => refusesAt(`/1/body${pointer}`, '2')

const context = {
  visitorId: 'v',
  sessionId: 's',
  interactionContextId: '2',
  type: 'SharkContext',
  lang: 'en-US',
}

const documented = {
  ttrDefName: 'NORMAL',
  channelType: 'MESSAGING',
  skillId: '1234567890',
  campaignInfo: { campaignId: '1', engagementId: '2' },
  conversationContext: context,
}

/** Requests that only some clients send. Rule: CON-1b. */
const tolerated = [
  { skillId: 3_801_636_938 },
  { skillId: -1 },
  { campaignInfo: { campaignId: 1, engagementId: 2 } },
  { conversationContext: { ...context, visitorId: 1, sessionId: 2, interactionContextId: 3 } },
  { conversationContext: { ...context, clientProperties: { features: ['RICH_CONTENT'] } } },
  { conversationContext: { ...context, features: ['RICH_CONTENT'] } },
]

const isOpened = shows([
  { code: 'OK', reqId: '1' },
  { code: 'OK', reqId: '2', body: { conversationId: expect.any(String) } },
])
const nothingIsOpened = [listing, answers(200, [])] as const

const firstTo = (dialogId: string) => ({
  ...firstMessage,
  body: { ...firstMessage.body, dialogId },
})

const anotherId = expect.stringMatching(/^[0-9a-f-]{36}$/)

/** The batch that opens a conversation. */
export const conversationRows: readonly Row[] = [
  {
    rule: 'CON-1',
    sentence: 'takes every documented field, and keeps skill and time to respond',
    settings: strict,
    ...fresh,
    steps: [
      [open(documented), isOpened],
      [view, shows({ skillId: '1234567890', ttr: { ttrType: 'NORMAL', value: 3600 } })],
    ],
  },
  {
    rule: 'CON-1',
    sentence: 'takes the brandId alone',
    settings: strict,
    ...fresh,
    steps: [[open(), isOpened]],
  },
  ...['NORMAL', 'URGENT', 'PRIORITIZED'].map(
    (ttrDefName): Row => ({
      rule: 'CON-1',
      sentence: `takes the time to respond ${ttrDefName}`,
      settings: strict,
      ...fresh,
      steps: [
        [open({ ttrDefName }), isOpened],
        [view, shows({ ttr: { ttrType: ttrDefName } })],
      ],
    }),
  ),
  {
    rule: 'CON-1',
    sentence: 'takes null for no time to respond, and -1 for any skill',
    settings: strict,
    ...fresh,
    steps: [
      [open({ ttrDefName: null, skillId: '-1' }), isOpened],
      [view, shows({ skillId: '-1', ttr: { ttrType: 'PRIORITIZED', value: 600 } })],
    ],
  },
  {
    rule: 'CON-1',
    sentence: 'refuses other skills, times to respond, channels and contexts',
    ...fresh,
    steps: [
      [batchOf({ skillId: '12345678901' }), atOpening('/skillId')],
      [batchOf({ skillId: 'sales' }), atOpening('/skillId')],
      [batchOf({ skillId: '-2' }), atOpening('/skillId')],
      [batchOf({ ttrDefName: 'SLOW' }), atOpening('/ttrDefName')],
      [batchOf({ channelType: 'CHAT' }), atOpening('/channelType')],
      [
        batchOf({ conversationContext: { ...context, type: 'Other' } }),
        atOpening('/conversationContext/type'),
      ],
      [batchOf({ campaignInfo: { campaignId: '1' } }), atOpening('/campaignInfo/engagementId')],
      nothingIsOpened,
    ],
  },
  {
    rule: 'CON-1a',
    sentence: 'takes CUSTOM as if it were absent',
    settings: { mode: 'as-service' },
    ...fresh,
    steps: [
      [open({ ttrDefName: 'CUSTOM' }), isOpened],
      [view, shows({ ttr: { ttrType: 'PRIORITIZED', value: 600 } })],
    ],
  },
  {
    rule: 'CON-1a',
    sentence: 'refuses CUSTOM in strict mode',
    settings: strict,
    ...fresh,
    steps: [[batchOf({ ttrDefName: 'CUSTOM' }), atOpening('/ttrDefName')], nothingIsOpened],
  },
  ...tolerated.map(
    (body): Row => ({
      rule: 'CON-1b',
      sentence: `takes ${JSON.stringify(body)} as the service does`,
      settings: { mode: 'as-service' },
      ...fresh,
      steps: [[batchOf(body), isOpened]],
    }),
  ),
  ...tolerated.map(
    (body): Row => ({
      rule: 'CON-1b',
      sentence: `refuses ${JSON.stringify(body)} in strict mode`,
      settings: strict,
      ...fresh,
      steps: [[batchOf(body), answers(400)], nothingIsOpened],
    }),
  ),
  {
    rule: 'CON-1b',
    sentence: 'reads a numeric skillId as its text, and refuses a fraction and more than 10 digits',
    ...fresh,
    steps: [
      [batchOf({ skillId: 1.5 }), refusesAt('/1/body/skillId', '2')],
      [batchOf({ skillId: 10_000_000_000 }), refusesAt('/1/body/skillId', '2')],
      nothingIsOpened,
      [open({ skillId: -1 }), isOpened],
      [view, shows({ skillId: '-1' })],
    ],
  },
  {
    rule: 'CON-2',
    sentence: 'publishes a first message into the new conversation, and answers it with 0',
    settings: strict,
    ...fresh,
    steps: [
      [
        sendBatch([profile, opening(), firstMessage]),
        shows([{ reqId: '1' }, { reqId: '2' }, { code: 'OK', body: { sequence: 0 }, reqId: '3' }]),
      ],
      [listing, shows([{ dialogs: [{ transcript: [{ event: text('first') }] }] }])],
    ],
  },
  {
    rule: 'CON-2',
    sentence: 'refuses a batch without a profile, without a conversation, and with two of them',
    ...fresh,
    steps: [
      [sendBatch([opening(), firstMessage]), answers(400)],
      [sendBatch([profile, firstMessage]), answers(400)],
      [sendBatch([profile, opening(), opening()]), answers(400)],
      [sendBatch([profile, opening(), firstTo('elsewhere')]), refusesAt('/2/body/dialogId', '3')],
      nothingIsOpened,
    ],
  },
  {
    rule: 'CON-2a',
    sentence: 'takes another order, and an empty dialogId, as the service does',
    settings: { mode: 'as-service', secondConversation: 'allow' },
    ...fresh,
    steps: [
      [
        sendBatch([firstMessage, opening(), profile]),
        shows([{ reqId: '3', body: { sequence: 0 } }, { reqId: '2' }, { reqId: '1' }]),
      ],
      [sendBatch([profile, opening(), firstTo('')]), shows([{}, {}, { body: { sequence: 0 } }])],
      [
        listing,
        shows(
          [text('first'), text('first')].map(event => ({ dialogs: [{ transcript: [{ event }] }] })),
        ),
      ],
    ],
  },
  {
    rule: 'CON-2a',
    sentence: 'refuses another order, and an empty dialogId, in strict mode',
    settings: strict,
    ...fresh,
    steps: [
      [sendBatch([opening(), profile]), answers(400)],
      [sendBatch([profile, opening(), firstTo('')]), refusesAt('/2/body/dialogId', '3')],
      nothingIsOpened,
    ],
  },
  {
    rule: 'CON-3',
    sentence: 'refuses another brandId than the account of the path, and none',
    ...fresh,
    steps: [
      [batchOf({ brandId: '87654321' }), refuses(40060, { reqId: '2' })],
      [batchOf({ brandId: undefined }), refuses(40001)],
      nothingIsOpened,
    ],
  },
  {
    rule: 'CON-3',
    sentence: 'answers a missing brandId with the status that is set for a missing claim',
    settings: { missingClaimStatus: 401 },
    ...fresh,
    steps: [[batchOf({ brandId: undefined }), refuses(40001, { status: 401 })]],
  },
  {
    rule: 'CON-4.1',
    sentence: 'keeps one open conversation of a consumer, however many others have one',
    steps: [
      [batchOf({}), answers(400)],
      [by('consumer-2', batchOf({})), isOpened],
      [listing, shows([{ stage: 'OPEN' }, { conversationId }])],
      [close, answers(200)],
      [batchOf({}), isOpened],
    ],
  },
  {
    rule: 'CON-4.2',
    sentence: 'refuses a second conversation',
    settings: { secondConversation: 'reject' },
    steps: [
      [sendBatch([profile, opening(), firstMessage]), refuses(40057, { reqId: '2' })],
      [publish(text('first')), takes(0)],
    ],
  },
  {
    rule: 'CON-4.2',
    sentence: 'gives the open conversation where the setting is reuse',
    settings: { secondConversation: 'reuse' },
    steps: [
      [
        sendBatch([profile, opening(), firstMessage]),
        shows([{}, { body: { conversationId } }, { body: { sequence: 0 } }]),
      ],
      [listing, shows([{ conversationId }])],
    ],
  },
  {
    rule: 'CON-4.2',
    sentence: 'opens another conversation where the setting is allow',
    settings: { secondConversation: 'allow' },
    steps: [
      [batchOf({}), shows([{}, { body: { conversationId: anotherId } }])],
      [listing, shows([{ stage: 'OPEN' }, { conversationId }])],
    ],
  },
  {
    rule: 'CON-5',
    sentence: 'refuses the whole batch for the first bad item, with its reqId, and changes nothing',
    ...fresh,
    steps: [
      [
        sendBatch([{ ...profile, body: { firstName: 1 } }, opening({ skillId: 'x' })]),
        refusesAt('/0/body/firstName'),
      ],
      [
        sendBatch([profile, opening({ skillId: 'x' }), firstTo('elsewhere')]),
        atOpening('/skillId'),
      ],
      [
        sendBatch([profile, opening(), { ...firstMessage, body: {} }]),
        refusesAt('/2/body/event', '3'),
      ],
      nothingIsOpened,
    ],
  },
  {
    rule: 'CON-5',
    sentence: 'answers with an object, not with an array',
    ...fresh,
    steps: [
      [
        sendBatch([profile, opening({ skillId: 'x' })]),
        answers(400, expect.objectContaining({ kind: 'resp', reqId: '2', code: 400 })),
        hasNo('length'),
      ],
    ],
  },
]
