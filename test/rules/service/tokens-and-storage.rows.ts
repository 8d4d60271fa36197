import { expect } from 'vitest'
import { advance } from '../calls.ts'
import { askDownload, askUpload, download, preflightUpload, upload } from '../files.ts'
import {
  answers,
  answersText,
  type Expectation,
  hasHeader,
  type Row,
  refuses,
  shows,
} from '../row.ts'
import {
  appClaims,
  askAppJwt,
  askAppJwtByBasic,
  askAppJwtWithJson,
  askConsumerJws,
  client,
  forge,
  grant,
  holdsToken,
  logIn,
  onInstall,
  onInstalls,
  readAppJwt,
} from '../tokens.ts'
import { accountId, type World } from '../world.ts'

const aToken = expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/)

const hasExpiry = { access_token: aToken, token_type: 'Bearer', expires_in: 3600 }

/** An error of RFC 6749, 5.2, in whole. */
const oauth = (status: number, error: string): Expectation =>
  answers(status, { error, error_description: expect.stringMatching(/./) })

const all = { ...grant, ...client }

/** The default install. */
const install = {
  client_name: 'sendbox-client',
  description: '',
  enabled: true,
  grant_types: ['client_credentials'],
  response_types: [],
  scope: 'msg.consumer',
  logo_uri: '',
  capabilities: {},
  client_id: 'sendbox-client',
  client_secret: 'sendbox-secret',
  id: 'sendbox-client',
  client_id_issued_at: 0,
  client_secret_expires_at: 0,
  deleted: false,
}

const hasRevision: Expectation = ({ headers }) => {
  expect(headers.get('ac-revision')).toMatch(/^\d+$/)
}

const page = { Origin: 'https://connector.example' }

const twoSlashes = { change: (url: string) => url.replace('/v1/', '//v1/') }

/** The token services and the file storage. */
export const tokenAndStorageRows: readonly Row[] = [
  {
    rule: 'EP-9',
    sentence: 'signs an AppJWT for the credentials in the form',
    steps: [
      [
        askAppJwt(grant, client),
        answers(200, hasExpiry),
        hasHeader('content-type', 'application/json;charset=utf-8'),
        holdsToken(readAppJwt, appClaims),
      ],
    ],
  },
  {
    rule: 'EP-10.1',
    sentence: 'takes all parameters in the query, with an empty body',
    steps: [[askAppJwt(all), answers(200, hasExpiry)]],
  },
  {
    rule: 'EP-10.2',
    sentence: 'takes all parameters in the query with a JSON body, and version 2.0',
    steps: [
      [askAppJwtWithJson(all), answers(200, hasExpiry)],
      [askAppJwtWithJson({ ...all, v: '2.0' }), answers(200, hasExpiry)],
      [askAppJwt({ ...grant, v: '2.0' }, client), answers(200, hasExpiry)],
    ],
  },
  {
    rule: 'EP-11',
    sentence: 'says when an AppJWT expires',
    settings: { token: { expiresIn: true } },
    steps: [[askAppJwt(grant, client), answers(200, hasExpiry)]],
  },
  {
    rule: 'EP-11',
    sentence: 'leaves expires_in out where the setting says so, as the documented sample',
    settings: { token: { expiresIn: false } },
    steps: [
      [askAppJwt(grant, client), answers(200, { access_token: aToken, token_type: 'Bearer' })],
    ],
  },
  {
    rule: 'EP-11',
    sentence: 'says the lifetime that the setting gives an AppJWT',
    settings: { token: { lifetimeSeconds: 60 } },
    steps: [
      [
        askAppJwt(grant, client),
        answers(200, { access_token: aToken, token_type: 'Bearer', expires_in: 60 }),
      ],
    ],
  },
  {
    rule: 'EP-12.1',
    sentence: 'refuses a client as OAuth 2.0 has it: error and error_description, nothing else',
    steps: [[askAppJwt(grant, { ...client, client_secret: 'x' }), oauth(401, 'invalid_client')]],
  },
  {
    rule: 'EP-12a',
    sentence:
      'accepts credentials by HTTP Basic, alone and in as-service mode, and none in a JSON body',
    steps: [
      [askAppJwtByBasic('sendbox-client:sendbox-secret'), answers(200, hasExpiry)],
      [askAppJwtByBasic('sendbox-client:x'), oauth(401, 'invalid_client')],
      [
        askAppJwtByBasic('sendbox-client:x', { ...grant, ...client }),
        oauth(400, 'invalid_request'),
      ],
      [askAppJwtWithJson(grant), oauth(401, 'invalid_client')],
    ],
  },
  {
    rule: 'EP-12a',
    sentence: 'accepts no HTTP Basic in strict mode',
    settings: { mode: 'strict' },
    steps: [[askAppJwtByBasic('sendbox-client:sendbox-secret'), oauth(401, 'invalid_client')]],
  },
  {
    rule: 'EP-12.2',
    sentence: 'tells a missing grant_type, another one, and a missing or wrong client apart',
    steps: [
      [askAppJwt({ v: '1.0' }, client), oauth(400, 'invalid_request')],
      [askAppJwt({ grant_type: 'password' }, client), oauth(400, 'unsupported_grant_type')],
      [askAppJwt(grant), oauth(401, 'invalid_client')],
      [askAppJwt(grant, { client_id: client.client_id }), oauth(401, 'invalid_client')],
      [askAppJwt(grant, { client_secret: client.client_secret }), oauth(401, 'invalid_client')],
      [askAppJwt(grant, { ...client, client_id: 'x' }), oauth(401, 'invalid_client')],
      [askAppJwt(grant, { ...client, client_secret: 'x' }), oauth(401, 'invalid_client')],
    ],
  },
  {
    rule: 'EP-13',
    sentence: 'signs a ConsumerJWS for an ext_consumer_id and an AppJWT',
    steps: [
      [
        askConsumerJws({ ext_consumer_id: 'zoë' }),
        answers(201, { token: aToken }),
        hasHeader('content-type', 'application/json;charset=utf-8'),
      ],
    ],
  },
  {
    rule: 'EP-14.1',
    sentence: 'signs a ConsumerJWS without a version too',
    steps: [
      [askConsumerJws({ ext_consumer_id: 'zoë' }, { query: '' }), answers(201, { token: aToken })],
    ],
  },
  {
    rule: 'EP-14.2',
    sentence: 'refuses what is wrong with the AppJWT as SEND does',
    steps: [
      [
        askConsumerJws({ ext_consumer_id: 'x' }, { headers: { Authorization: undefined } }),
        refuses(40105),
      ],
      [
        askConsumerJws({ ext_consumer_id: 'x' }, { headers: { Authorization: 'broken' } }),
        refuses(40102),
      ],
      [
        askConsumerJws(
          { ext_consumer_id: 'x' },
          { headers: { Authorization: forge({ ...appClaims, azp: undefined }) } },
        ),
        refuses(40001),
      ],
    ],
  },
  ...[{ ext_consumer_id: '' }, { ext_consumer_id: 1 }, { ext_consumer_id: null }, {}].map(
    (json): Row => ({
      rule: 'EP-14.2',
      sentence: `refuses ${JSON.stringify(json)}`,
      steps: [
        [
          askConsumerJws(json),
          refuses(40052, { details: '/ext_consumer_id: expected …', reqId: null }),
        ],
      ],
    }),
  ),
  {
    rule: 'EP-18.1',
    sentence: 'logs an agent in, and names who it is and where the services are',
    steps: [
      [
        logIn({ username: 'zoe', password: 'any one' }),
        answers(200, ({ url }: World) => ({
          bearer: aToken,
          sessionTTl: '3600',
          config: { userId: expect.stringMatching(/^\d{10}$/), loginName: 'zoe', isAdmin: true },
          csdsCollectionResponse: {
            baseURIs: expect.arrayContaining([
              { service: 'accountConfigReadWrite', account: accountId, baseURI: new URL(url).host },
            ]),
          },
        })),
      ],
      [
        logIn({ username: 'zoe' }),
        refuses(40052, { details: '/password: expected …', reqId: null }),
      ],
    ],
  },
  ...(['loopback', 'everybody'] as const).map(
    (agentLogin): Row => ({
      rule: 'EP-18.2',
      sentence: `lets anybody of this machine log in with ${agentLogin}`,
      settings: { agentLogin },
      steps: [
        [logIn({ username: 'zoe', password: 'any one' }), shows({ config: { loginName: 'zoe' } })],
      ],
    }),
  ),
  {
    rule: 'EP-18.2',
    sentence: 'lets nobody log in with nobody',
    settings: { agentLogin: 'nobody' },
    steps: [[logIn({ username: 'zoe', password: 'any one' }), refuses(40152)]],
  },
  {
    rule: 'EP-19.1',
    sentence: 'shows an app install, and replaces it for its revision, by PUT and by POST',
    steps: [
      [onInstalls('GET'), answers(200, [install])],
      [onInstall('GET'), answers(200, install), hasRevision],
      [
        onInstall('PUT', { json: { ...install, description: 'new' } }),
        answers(200, { ...install, description: 'new' }),
      ],
      [
        onInstall('POST', { json: install, headers: { 'X-HTTP-Method-Override': 'PUT' } }),
        answers(200, install),
      ],
    ],
  },
  {
    rule: 'EP-19.2',
    sentence: 'refuses a bearer that is none, an unknown id and a stale revision',
    steps: [
      [onInstall('GET', { headers: { Authorization: 'Bearer none' } }), refuses(40153)],
      [onInstall('GET', { headers: { Authorization: undefined } }), refuses(40153)],
      [onInstall('GET', { id: 'nobody' }), refuses(40455)],
      [onInstall('PUT', { json: install, headers: { 'If-Match': '0' } }), refuses(41250)],
      [onInstall('DELETE', { headers: { 'If-Match': undefined } }), refuses(41250)],
    ],
  },
  {
    rule: 'EP-19.2',
    sentence: 'gives the default install back for DELETE',
    steps: [
      [onInstall('PUT', { json: { description: 'new' } }), shows({ description: 'new' })],
      [onInstall('DELETE'), shows({ description: 'new', deleted: true })],
      [onInstall('GET'), answers(200, install)],
    ],
  },
  {
    rule: 'EP-15',
    sentence: 'keeps the bytes of an upload, and hands them out',
    steps: [
      [askUpload(), answers(200)],
      [upload('abcd'), answersText(201, '')],
      [askDownload, answers(200)],
      [download(), answersText(200, 'abcd')],
    ],
  },
  {
    rule: 'EP-15',
    sentence: 'refuses a signature that is bad, missing or past its time',
    steps: [
      [askUpload(), answers(200)],
      [upload('abcd', { change: url => url.replace(/sig=./, 'sig=x') }), refuses(40151)],
      [upload('abcd', { change: url => url.replace(/expires=\d+/, 'expires=9') }), refuses(40151)],
      [upload('abcd', { change: url => url.replace('.PNG', '.GIF') }), refuses(40151)],
      [upload('abcd', { change: url => url.split('?')[0] ?? '' }), refuses(40151)],
      [upload('abcd'), answersText(201, '')],
      [askDownload, answers(200)],
      [download({ change: url => url.replace(/sig=./, 'sig=x') }), refuses(40151)],
      [advance(60_000), answers(200)],
      [download(), refuses(40151)],
    ],
  },
  {
    rule: 'EP-16',
    sentence: 'takes one or two slashes before v1, without Authorization',
    steps: [
      [askUpload(), answers(200)],
      [upload('abcd', twoSlashes), answersText(201, '')],
      [askDownload, answers(200)],
      [download(twoSlashes), answersText(200, 'abcd')],
      [download(), answersText(200, 'abcd')],
    ],
  },
  {
    rule: 'EP-16',
    sentence: 'answers 404 for a file that was never uploaded',
    steps: [
      [askUpload(), answers(200)],
      [askDownload, answers(200)],
      [download(), refuses(40454)],
    ],
  },
  {
    rule: 'EP-16',
    sentence: 'takes the signature of an upload for PUT only, and that of a download for GET only',
    steps: [
      [askUpload(), answers(200)],
      [download(), refuses(40151)],
      [askDownload, answers(200)],
      [upload('abcd'), refuses(40151)],
    ],
  },
  {
    rule: 'EP-17.1',
    sentence: 'answers the preflight of a page, and lets it read an upload and a download',
    steps: [
      [askUpload(), answers(200)],
      [
        preflightUpload,
        answersText(200, ''),
        hasHeader('access-control-allow-origin', '*'),
        hasHeader('access-control-allow-methods', 'PUT, GET, OPTIONS'),
        hasHeader('access-control-allow-headers', 'content-type'),
      ],
      [
        upload('abcd', { headers: page }),
        answersText(201, ''),
        hasHeader('access-control-allow-origin', '*'),
      ],
      [askDownload, answers(200)],
      [
        download({ headers: page }),
        answersText(200, 'abcd'),
        hasHeader('access-control-allow-origin', '*'),
      ],
    ],
  },
]
