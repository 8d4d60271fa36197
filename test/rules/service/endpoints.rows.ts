import { expect } from 'vitest'
import { type ApiCall, batchPath, call, get } from '../calls.ts'
import {
  csat,
  firstMessage,
  opening,
  profile,
  publish,
  sendBatch,
  text,
  update,
} from '../requests.ts'
import { answers, answersText, hasHeader, type Row, refuses, shows, takes } from '../row.ts'
import { keeps } from '../steps.ts'
import { accountId, conversationId, type World } from '../world.ts'

const servicePath = (rest: string, account = accountId) => `/api/account/${account}/service/${rest}`

const hostOf = ({ url }: World): string => new URL(url).host

const entry = (service: string) => (world: World) => ({
  service,
  account: accountId,
  baseURI: hostOf(world),
})

const demoNames = [
  'asyncMessagingEnt',
  'sentinel',
  'idp',
  'swift',
  'accountConfigReadWrite',
  'msgHist',
  'agentVep',
]

const clientNames = ['faasGW', 'faasUI', 'facadeMsg', 'appMgmtSvcDomain', 'agentManagerWorkspace']

const names = [...demoNames, 'messagingRestApiDomain', ...clientNames]

const allEntries = (world: World) => ({ baseURIs: names.map(name => entry(name)(world)) })

const resolves = (name: string, rule: Row['rule']): Row => ({
  rule,
  sentence: `resolves ${name}`,
  steps: [[get(servicePath(`${name}/baseURI.json?version=1.0`)), answers(200, entry(name))]],
})

/** Asks the Domain API as a page of a browser does. */
const asPage = (method: 'OPTIONS' | 'GET') =>
  call({
    method,
    path: servicePath('baseURI.json'),
    query: '?version=1.0',
    headers: { Origin: 'https://connector.example', 'Access-Control-Request-Method': 'GET' },
  })

/** A look-up of the service idp that a proxy passed on. */
const asForwarded = (host: string, scheme: string) =>
  call({
    method: 'GET',
    path: servicePath('idp/baseURI.json'),
    query: '?version=1.0',
    headers: { 'X-Forwarded-Host': host, 'X-Forwarded-Proto': scheme },
  })

const atHost = (baseURI: string) => ({ service: 'idp', account: accountId, baseURI })

/** A call under another host name than that of the mock. */
const asHost = (host: string, request: ApiCall) => call({ ...request, headers: { Host: host } })

const otherVersions = ['?v=2', '?v=4', '?v=1.0']
const notQuite3 = ['', '?v=', '?v=3.0', '?v=03', '?v=3&v=3', '?v=3&v=2', '?V=3', '?v=+3']

const publishing = {
  id: '1',
  type: 'ms.PublishEvent',
  body: { dialogId: conversationId, event: text('one of many') },
}

const sendCall: ApiCall = { json: publishing }

/** The paths of SEND and CONVERSATION, and the Domain API. */
export const endpointRows: readonly Row[] = [
  {
    rule: 'EP-1',
    sentence: 'takes one action per call on the path of SEND',
    steps: [
      [publish(text('one')), answersText(200, '{"reqId":"1","code":"OK","body":{"sequence":0}}')],
      [publish(text('two')), answersText(200, '{"reqId":"1","code":"OK","body":{"sequence":1}}')],
      [update(csat), answers(200, { reqId: '1', code: 'OK', body: { msg: 'OK' } })],
    ],
  },
  {
    rule: 'EP-2',
    sentence: 'answers each request of a batch in the order of the batch',
    hasConversation: false,
    steps: [
      [
        sendBatch([profile, opening(), firstMessage]),
        answers(200, [
          { code: 'OK', body: { msg: 'OK User Profile set successfully' }, reqId: '1' },
          { code: 'OK', body: { conversationId: expect.any(String) }, reqId: '2' },
          { code: 'OK', body: { sequence: 0 }, reqId: '3' },
        ]),
      ],
    ],
  },
  {
    rule: 'EP-2',
    sentence: 'refuses a batch of one request, and of none',
    hasConversation: false,
    steps: [
      [sendBatch([opening()]), refuses(40059)],
      [sendBatch([]), refuses(40059)],
    ],
  },
  {
    rule: 'EP-3.1',
    sentence: 'answers other versions with 404',
    steps: [
      [publish(text('hi'), { query: otherVersions[0] ?? '' }), answers(404)],
      [publish(text('hi'), { query: otherVersions[1] ?? '' }), answers(404)],
      [call({ path: batchPath, query: otherVersions[0] ?? '', json: [] }), answers(404)],
      [call({ path: batchPath, query: otherVersions[2] ?? '', json: [] }), answers(404)],
      keeps(),
    ],
  },
  ...notQuite3.map(
    (query): Row => ({
      rule: 'EP-3.2',
      sentence: `does not take "${query}" for version 3`,
      steps: [
        [call({ query, json: {} }), refuses(40450)],
        [call({ path: batchPath, query, json: [] }), refuses(40450)],
      ],
    }),
  ),
  {
    rule: 'EP-4.1',
    sentence: 'changes nothing for an array of requests',
    steps: [
      [call({ json: [publishing, publishing] }), answers(400)],
      [publish(text('first')), takes(0)],
    ],
  },
  {
    rule: 'EP-4.2',
    sentence: 'refuses an array of requests, of one and of none',
    steps: [
      [call({ json: [publishing, publishing] }), refuses(40051)],
      [call({ json: [publishing] }), refuses(40051)],
      [call({ json: [] }), refuses(40051)],
    ],
  },
  {
    rule: 'EP-5.1',
    sentence: 'answers for one service, whose name is case sensitive',
    steps: [
      [get(servicePath('sentinel/baseURI.json?version=1.0')), answers(200, entry('sentinel'))],
      [get(servicePath('Sentinel/baseURI.json?version=1.0')), answers(404)],
    ],
  },
  {
    rule: 'EP-5.2',
    sentence: 'answers for one service with an object, whose baseURI is host and port',
    settings: { domainApi: { single: 'object' } },
    steps: [
      [
        get(servicePath('idp/baseURI.json?version=1.0')),
        answersText(
          200,
          world => `{"service":"idp","account":"${accountId}","baseURI":"${hostOf(world)}"}`,
        ),
      ],
    ],
  },
  {
    rule: 'EP-5.2',
    sentence: 'answers for one service with baseURIs where the setting says so',
    settings: { domainApi: { single: 'baseURIs' } },
    steps: [
      [
        get(servicePath('idp/baseURI.json?version=1.0')),
        answers(200, (world: World) => ({ baseURIs: [entry('idp')(world)] })),
      ],
    ],
  },
  {
    rule: 'EP-5.2',
    sentence: 'answers for one service with a bare array where the setting says so',
    settings: { domainApi: { single: 'array' } },
    steps: [
      [
        get(servicePath('idp/baseURI.json?version=1.0')),
        answers(200, (world: World) => [entry('idp')(world)]),
      ],
    ],
  },
  {
    rule: 'EP-6.1',
    sentence: 'answers for all services at once',
    steps: [[get(servicePath('baseURI.json?version=1.0')), answers(200, allEntries)]],
  },
  {
    rule: 'EP-6.2',
    sentence: 'answers for all services without .json as well',
    steps: [[get(servicePath('baseURI?version=1.0')), answers(200, allEntries)]],
  },
  {
    rule: 'EP-7.1',
    sentence: 'refuses a missing version and another one',
    steps: [
      [get(servicePath('baseURI.json')), refuses(40062)],
      [get(servicePath('baseURI.json?version=2.0')), refuses(40062)],
      [get(servicePath('idp/baseURI.json')), refuses(40062)],
      [get(servicePath('idp/baseURI.json?version=1')), refuses(40062)],
    ],
  },
  {
    rule: 'EP-7.1',
    sentence: 'answers 401 for the accounts that are configured as unknown, and for no other',
    settings: { domainApi: { unknownAccounts: ['1', '2'] } },
    steps: [
      [get(servicePath('baseURI.json?version=1.0', '1')), refuses(40150)],
      [get(servicePath('idp/baseURI.json?version=1.0', '2')), refuses(40150)],
      [get(servicePath('baseURI.json?version=1.0')), answers(200, allEntries)],
    ],
  },
  {
    rule: 'EP-7.1',
    sentence: 'knows every account by default',
    settings: { domainApi: { unknownAccounts: [] } },
    steps: [
      [
        get(servicePath('baseURI.json?version=1.0', '1')),
        shows({ baseURIs: names.map(service => ({ service, account: '1' })) }),
      ],
    ],
  },
  {
    rule: 'EP-7.2',
    sentence: 'answers 404 for an unknown service',
    steps: [
      [get(servicePath('nothing/baseURI.json?version=1.0')), refuses(40453)],
      [get(servicePath('IDP/baseURI.json?version=1.0')), refuses(40453)],
    ],
  },
  ...demoNames.map(name => resolves(name, 'EP-8.1')),
  resolves('messagingRestApiDomain', 'EP-8.3'),
  ...clientNames.map(name => resolves(name, 'EP-8.4')),
  {
    rule: 'EP-8.4',
    sentence: 'leaves out of all services those that are less known than the settings ask for',
    settings: { minEvidence: 'recorded' },
    hasConversation: false,
    steps: [
      [
        get(servicePath('baseURI.json?version=1.0')),
        answers(200, (world: World) => ({
          baseURIs: [...demoNames, 'messagingRestApiDomain'].map(name => entry(name)(world)),
        })),
      ],
    ],
  },
  {
    rule: 'EP-8.2',
    sentence: 'answers 501 where a service is called that Sendbox does not implement',
    steps: [
      [
        call({
          path: `/messaging_history/api/account/${accountId}/conversations/search`,
          query: '',
          json: {},
        }),
        answers(501),
        hasHeader('content-type', 'application/json;charset=utf-8'),
      ],
      [get(`/api/account/${accountId}/configuration/le-users/users?v=6.0`), answers(501)],
      [call({ path: `/api/account/${accountId}/logout`, query: '?v=1.3', json: {} }), answers(501)],
    ],
  },
  {
    rule: 'EP-5.3',
    sentence: 'names the host that a proxy was asked for, where the setting trusts it',
    settings: { domainApi: { trustProxy: true } },
    steps: [
      [asForwarded('api.example', 'https'), answers(200, atHost('api.example'))],
      [asForwarded('api.example:443', 'https'), answers(200, atHost('api.example'))],
      [asForwarded('api.example:443', 'http'), answers(200, atHost('api.example:443'))],
      [asForwarded('a.example, b.example', 'https, http'), answers(200, atHost('a.example'))],
      [asForwarded('a/b', 'https'), answers(200, entry('idp'))],
    ],
  },
  {
    rule: 'EP-5.3',
    sentence: 'does not believe a proxy by default',
    settings: { domainApi: { trustProxy: false } },
    steps: [[asForwarded('api.example', 'https'), answers(200, entry('idp'))]],
  },
  {
    rule: 'EP-8.5',
    sentence: 'names the host of the request for each service by default',
    settings: { domainApi: { hosts: 'asked' } },
    steps: [
      [get(servicePath('baseURI.json?version=1.0')), answers(200, allEntries)],
      [asHost('va.idp.liveperson.net', sendCall), takes(0)],
    ],
  },
  {
    rule: 'EP-8.5',
    sentence: 'names a host of its own for each service, and answers 501 where it has none of them',
    settings: { domainApi: { hosts: 'production' } },
    steps: [
      [
        get(servicePath('idp/baseURI.json?version=1.0')),
        answers(200, atHost('va.idp.liveperson.net')),
      ],
      [asHost('va.msghist.liveperson.net', sendCall), answers(501)],
      [asHost('va.faasgw.liveperson.net', { ...sendCall, path: '/', query: '' }), answers(501)],
      [asHost('va.msg.liveperson.net', sendCall), takes(0)],
    ],
  },
  {
    rule: 'EP-8.6',
    sentence:
      'refuses the paths of a service on the host of another one, and on those of the Domain API',
    settings: { domainApi: { hosts: 'production' } },
    steps: [
      [asHost('va.idp.liveperson.net', sendCall), refuses(40452)],
      [asHost('api.liveperson.net', sendCall), refuses(40452)],
    ],
  },
  {
    rule: 'EP-17.2',
    sentence: 'answers the preflight of a page, and lets it read where the services are',
    steps: [
      [
        asPage('OPTIONS'),
        answersText(200, ''),
        hasHeader('access-control-allow-origin', '*'),
        hasHeader('access-control-allow-methods', 'GET, OPTIONS'),
      ],
      [asPage('GET'), answers(200, allEntries), hasHeader('access-control-allow-origin', '*')],
    ],
  },
]
