import { type ApiCall, afterOpening, batchPath, by, call } from '../calls.ts'
import {
  chatState,
  close,
  closeDialog,
  file,
  mainDialog,
  opening,
  openWithSurvey,
  profile,
  publish,
  publishTo,
  receipt,
  surveyDialog,
  text,
} from '../requests.ts'
import { answers, type Expectation, type Row, refuses, refusesAt } from '../row.ts'
import { appClaims, forge } from '../tokens.ts'

const tooLarge = ' '.repeat(1024 * 1024 + 1)
const hugePreview = file({ relativePath: '/v1/x', fileType: 'PNG', preview: 'x'.repeat(30_720) })
const strict = { mode: 'strict' } as const

/** Two faults of one call, of which the first is answered. */
type Competition = readonly [first: string, second: string, ApiCall, Expectation]

const competitions: readonly Competition[] = [
  [
    'a wrong method',
    'a missing AppJWT',
    { method: 'PUT', headers: { Authorization: undefined }, raw: '' },
    refuses(40550),
  ],
  [
    'a missing AppJWT',
    'a missing ConsumerJWS',
    { headers: { Authorization: undefined, 'X-LP-ON-BEHALF': undefined }, raw: '' },
    refuses(40105),
  ],
  [
    'an expired AppJWT',
    'a missing claim',
    { headers: { Authorization: forge({ ...appClaims, azp: undefined, exp: 1 }) }, raw: '' },
    refuses(40102),
  ],
  [
    'an AppJWT of another account',
    'a missing claim',
    { headers: { Authorization: forge({ ...appClaims, azp: undefined, aud: '1' }) }, raw: '' },
    refuses(40102),
  ],
  [
    'a missing claim',
    'a missing ConsumerJWS',
    {
      headers: {
        Authorization: forge({ ...appClaims, azp: undefined }),
        'X-LP-ON-BEHALF': undefined,
      },
      raw: '',
    },
    refuses(40001),
  ],
  [
    'a missing ConsumerJWS',
    'another version',
    { headers: { 'X-LP-ON-BEHALF': undefined }, query: '?v=2', raw: '' },
    refuses(40104),
  ],
  [
    'an invalid ConsumerJWS',
    'another version',
    { headers: { 'X-LP-ON-BEHALF': 'broken' }, query: '?v=2', raw: '' },
    refuses(40103),
  ],
  ['another version', 'a body that is too large', { query: '?v=2', raw: tooLarge }, refuses(40450)],
  [
    'a body that is too large',
    'another Content-Type',
    { headers: { 'Content-Type': 'text/plain' }, raw: tooLarge },
    refuses(41350),
  ],
  [
    'another Content-Type',
    'broken JSON',
    { headers: { 'Content-Type': 'text/plain' }, raw: '{' },
    refuses(41550),
  ],
  ['broken JSON', 'an array', { raw: '[{' }, refuses(40050)],
  ['an array', 'another type', { json: [{ id: '1', type: 'ms.Foo' }] }, refuses(40051)],
  [
    'a batch of one',
    'another type',
    { path: batchPath, json: [{ id: '1', type: 'ms.Foo' }] },
    refuses(40059),
  ],
  ['another type', 'no id', { json: { type: 'ms.Foo' } }, refuses(40053, { reqId: null })],
  [
    'another type in a batch',
    'no body before it',
    {
      path: batchPath,
      json: [
        { ...profile, body: undefined },
        { id: '2', type: 'ms.Foo' },
      ],
    },
    refuses(40053, { reqId: '2' }),
  ],
  [
    'no body',
    'another brandId',
    { path: batchPath, json: [{ ...profile, body: undefined }, opening({ brandId: '1' })] },
    refusesAt('/0/body'),
  ],
  [
    'no dialogId',
    'a preview that is too large',
    { json: { id: '1', type: 'ms.PublishEvent', body: { event: hugePreview } } },
    refusesAt('/body/dialogId'),
  ],
  [
    'another brandId',
    'a preview that is too large',
    {
      path: batchPath,
      json: [
        profile,
        opening({ brandId: '1' }),
        { id: '3', type: 'ms.PublishEvent', body: { event: hugePreview } },
      ],
    },
    refuses(40060, { reqId: '2' }),
  ],
  [
    'a preview that is too large',
    'an unknown dialog',
    { json: { id: '1', type: 'ms.PublishEvent', body: { dialogId: '?', event: hugePreview } } },
    refuses(40056),
  ],
]

const foreign = 'conversation-of-consumer-2'

/** The order in which faults are found. */
export const orderRows: readonly Row[] = [
  ...competitions.map(
    ([first, second, init, expectation]): Row => ({
      rule: 'AUTH-11',
      sentence: `finds ${first} before ${second}`,
      steps: [[call(init), expectation]],
    }),
  ),
  {
    rule: 'AUTH-11',
    sentence: 'finds an unknown dialog before another owner',
    steps: [
      [
        afterOpening(
          'consumer-2',
          foreign,
          publish(text('hi'), { body: { dialogId: '?', conversationId: foreign } }),
        ),
        refuses(40451),
      ],
    ],
  },
  {
    rule: 'AUTH-11',
    sentence: 'finds another owner before a closed conversation',
    steps: [
      [close, answers(200)],
      [by('consumer-2', publish(text('late'))), refuses(40103)],
      [by('consumer-2', close), refuses(40103)],
    ],
  },
  {
    rule: 'AUTH-11',
    sentence: 'finds a closed conversation before an event that its survey never takes',
    settings: { survey: true },
    hasConversation: false,
    steps: [
      [openWithSurvey, answers(200)],
      [closeDialog(mainDialog), answers(200)],
      [closeDialog(surveyDialog), answers(200)],
      [publishTo(surveyDialog, chatState('COMPOSING')), refuses(40054)],
    ],
  },
  {
    rule: 'AUTH-11',
    sentence: 'finds a closed conversation before unknown numbers and files',
    settings: strict,
    steps: [
      [close, answers(200)],
      [publish(receipt('READ', [9])), refuses(40054)],
      [publish(file({ relativePath: '/v1/x', fileType: 'PNG' })), refuses(40054)],
    ],
  },
  {
    rule: 'AUTH-11',
    sentence: 'finds an event that is not taken before unknown numbers',
    settings: { ...strict, survey: true },
    hasConversation: false,
    steps: [
      [openWithSurvey, answers(200)],
      [closeDialog(mainDialog), answers(200)],
      [
        publish(receipt('READ', [9])),
        refuses(40055, { details: 'Dialog does not accept AcceptStatusEvent' }),
      ],
    ],
  },
]
