import { expect } from 'vitest'
import { type ApiCall, advance, afterOpening, by, together, view } from '../calls.ts'
import { close, opening, profile, publish, sendBatch, text } from '../requests.ts'
import {
  answers,
  answersText,
  type Expectation,
  type Request,
  type Row,
  refuses,
  shows,
  takes,
} from '../row.ts'
import {
  appClaims,
  askAppJwt,
  askConsumerJws,
  claimsOf,
  client,
  forge,
  grant,
  holdsToken,
  readAppJwt,
  readConsumerJws,
} from '../tokens.ts'
import { accountId, conversationId, type World } from '../world.ts'

/** Publishes a text with headers that differ from the good ones. */
const withHeaders = (headers: NonNullable<ApiCall['headers']>): Request =>
  publish(text('hi'), { headers })

const withAppJwt = (claims: object): Request =>
  withHeaders({ Authorization: forge({ ...appClaims, ...claims }) })

const withoutAppJwt = withHeaders({ Authorization: undefined })
const withoutConsumerJws = withHeaders({ 'X-LP-ON-BEHALF': undefined })

const foreign = 'conversation-of-consumer-2'

/** Publishes to a conversation that consumer-2 has open. */
const publishToForeign = afterOpening(
  'consumer-2',
  foreign,
  publish(text('hi'), { body: { dialogId: foreign } }),
)

const foreignConsumer = async (world: World) => ({
  'X-LP-ON-BEHALF': (await world.tokensOf('consumer-1', '87654321')).consumerJws,
})

const claims = {
  account_id: accountId,
  ext_consumer_id: 'zoë',
  lp_consumer_id: expect.stringMatching(/^[0-9a-f]{64}$/),
}

/** Expects the first two of three tokens to be of one consumer, and the third to be of another. */
const tellsConsumersApart: Expectation = ({ json }) => {
  const [one, again, other] = (json as { token: string }[]).map(
    ({ token }) => claimsOf(token)['lp_consumer_id'],
  )
  expect(again).toBe(one)
  expect(other).not.toBe(one)
}

/** Both tokens, and what is wrong with them. */
export const authorizationRows: readonly Row[] = [
  {
    rule: 'AUTH-1.1',
    sentence: 'takes the AppJWT bare',
    steps: [[withHeaders(({ appJwt }) => ({ Authorization: appJwt })), takes(0)]],
  },
  {
    rule: 'AUTH-1.2',
    sentence: 'takes the AppJWT after Bearer',
    steps: [[withHeaders(({ appJwt }) => ({ Authorization: `Bearer ${appJwt}` })), takes(0)]],
  },
  {
    rule: 'AUTH-2',
    sentence: 'takes the ConsumerJWS bare, and acts for its consumer',
    steps: [
      [withHeaders(({ consumerJws }) => ({ 'X-LP-ON-BEHALF': consumerJws })), takes(0)],
      [
        view,
        shows(({ consumerJws }) => ({
          dialogs: [{ transcript: [{ originatorId: claimsOf(consumerJws)['lp_consumer_id'] }] }],
        })),
      ],
    ],
  },
  {
    rule: 'AUTH-3',
    sentence: 'signs an AppJWT with the documented header and claims',
    steps: [[askAppJwt(grant, client), answers(200), holdsToken(readAppJwt, appClaims)]],
  },
  {
    rule: 'AUTH-3',
    sentence: 'takes an AppJWT until the second of its exp, 3600 s after its iat',
    steps: [
      [advance(3_599_000), answers(200)],
      [publish(text('in the last second')), takes(0)],
      [advance(1000), answers(200)],
      [publish(text('too late')), refuses(40102)],
    ],
  },
  {
    rule: 'AUTH-4',
    sentence: 'signs a ConsumerJWS with the documented header and exactly three claims',
    steps: [
      [
        askConsumerJws({ ext_consumer_id: 'zoë' }),
        answers(201),
        holdsToken(readConsumerJws, claims),
      ],
    ],
  },
  {
    rule: 'AUTH-4',
    sentence: 'takes a ConsumerJWS however old it is',
    steps: [
      [advance(100 * 365 * 24 * 3_600_000), answers(200)],
      [
        async world => {
          const { appJwt } = await world.tokensOf('consumer-1')
          return withHeaders({ Authorization: appJwt })(world)
        },
        takes(0),
      ],
    ],
  },
  {
    rule: 'AUTH-4a',
    sentence: 'gives a consumer the same lp_consumer_id each time, and another consumer another',
    steps: [
      [
        together(['zoë', 'zoë', 'zoe'].map(ext_consumer_id => askConsumerJws({ ext_consumer_id }))),
        tellsConsumersApart,
      ],
    ],
  },
  {
    rule: 'AUTH-5',
    sentence: 'writes an error in the documented form, without a reqId',
    steps: [
      [
        withHeaders({ Authorization: 'broken' }),
        answersText(
          401,
          '{"kind":"resp","code":401,"body":{"title":"Invalid AppJWT","details":"AppJWT has expired or is invalid","errorCode":40102},"type":".ReqBody$ErrorResp"}',
        ),
      ],
    ],
  },
  {
    rule: 'AUTH-6',
    sentence: 'tells missing and invalid tokens apart by errorCode, title and details',
    steps: [
      [withHeaders({ Authorization: 'broken' }), refuses(40102)],
      [withAppJwt({ exp: appClaims.iat }), refuses(40102)],
      [withHeaders({ 'X-LP-ON-BEHALF': 'broken' }), refuses(40103)],
      [withHeaders(({ appJwt }) => ({ 'X-LP-ON-BEHALF': appJwt })), refuses(40103)],
      [withoutConsumerJws, refuses(40104)],
      [withoutAppJwt, refuses(40105)],
    ],
  },
  {
    rule: 'AUTH-6',
    sentence: 'refuses an AppJWT whose signature is not its own',
    steps: [
      [
        withHeaders(({ appJwt }) => ({ Authorization: `${appJwt.slice(0, -8)}AAAAAAAA` })),
        refuses(40102),
      ],
      [
        withHeaders(({ appJwt }) => ({ Authorization: appJwt.replace(/\.[^.]+$/, '.') })),
        refuses(40102),
      ],
      [
        withHeaders(({ consumerJws }) => ({
          'X-LP-ON-BEHALF': `${consumerJws.slice(0, -8)}AAAAAAAA`,
        })),
        refuses(40103),
      ],
    ],
  },
  {
    rule: 'AUTH-6',
    sentence: 'refuses the same on CONVERSATION',
    steps: [
      [sendBatch([], { headers: { Authorization: undefined } }), refuses(40105)],
      [sendBatch([], { headers: { Authorization: 'broken' } }), refuses(40102)],
      [sendBatch([], { headers: { 'X-LP-ON-BEHALF': undefined } }), refuses(40104)],
      [sendBatch([], { headers: { 'X-LP-ON-BEHALF': 'broken' } }), refuses(40103)],
    ],
  },
  {
    rule: 'AUTH-7',
    sentence: 'answers a missing AppJWT with 40105',
    settings: { missingAppJwtErrorCode: 40105 },
    steps: [[withoutAppJwt, refuses(40105)]],
  },
  {
    rule: 'AUTH-7',
    sentence: 'answers a missing AppJWT with 40104 where the setting says so',
    settings: { missingAppJwtErrorCode: 40104 },
    steps: [
      [
        withoutAppJwt,
        answers(401, {
          kind: 'resp',
          code: 401,
          body: {
            title: expect.any(String),
            details: 'AUTHORIZATION header is not present',
            errorCode: 40104,
          },
          type: '.ReqBody$ErrorResp',
        }),
      ],
      [withoutConsumerJws, refuses(40104)],
    ],
  },
  {
    rule: 'AUTH-8',
    sentence: 'refuses an AppJWT of another issuer, which it compares without case',
    steps: [
      [withAppJwt({ iss: 'Sentinels' }), refuses(40001)],
      [withAppJwt({ iss: 'sentinel' }), takes(0)],
      [withAppJwt({ iss: 'SENTINEL' }), takes(1)],
    ],
  },
  ...Object.keys(appClaims).map(
    (claim): Row => ({
      rule: 'AUTH-8',
      sentence: `refuses an AppJWT without ${claim}`,
      steps: [[withAppJwt({ [claim]: undefined }), refuses(40001)]],
    }),
  ),
  {
    rule: 'AUTH-8a',
    sentence: 'answers a missing claim with 400',
    settings: { missingClaimStatus: 400 },
    steps: [[withAppJwt({ azp: undefined }), refuses(40001, { status: 400 })]],
  },
  {
    rule: 'AUTH-8a',
    sentence: 'answers a missing claim with 401, in the body too, where the setting says so',
    settings: { missingClaimStatus: 401 },
    steps: [[withAppJwt({ azp: undefined }), refuses(40001, { status: 401 })]],
  },
  {
    rule: 'AUTH-9.1',
    sentence: 'answers 401 to a consumer who touches the conversation of another',
    steps: [
      [publishToForeign, answers(401)],
      [by('consumer-2', publish(text('hi'))), answers(401)],
      [by('consumer-2', close), answers(401)],
      [publish(text('first')), takes(0)],
    ],
  },
  {
    rule: 'AUTH-9.2',
    sentence: 'answers 40103 to a consumer who touches the conversation of another',
    steps: [
      [publishToForeign, refuses(40103)],
      [by('consumer-2', publish(text('hi'), { body: { conversationId } })), refuses(40103)],
      [by('consumer-2', close), refuses(40103)],
    ],
  },
  {
    rule: 'AUTH-10',
    sentence: 'refuses an AppJWT of another account, and a ConsumerJWS of another account',
    steps: [
      [
        withHeaders(async world => ({
          Authorization: (await world.tokensOf('consumer-1', '87654321')).appJwt,
        })),
        refuses(40102),
      ],
      [publish(text('hi'), { headers: foreignConsumer }), refuses(40103)],
      [sendBatch([profile, opening()], { headers: foreignConsumer }), refuses(40103)],
    ],
  },
]
