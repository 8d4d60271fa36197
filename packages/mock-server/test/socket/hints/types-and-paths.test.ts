import { serviceNames } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { call } from '../consumer-session.ts'
import { expectReason, startHintSession } from './refused-call.ts'

type TypeCase = [string, ...string[]]

const types: TypeCase[] = [
  ['.ams.ms.PublishEvent', 'did you mean "ms.PublishEvent"?'],
  ['ams.ms.PublishEvent', 'did you mean "ms.PublishEvent"?'],
  ['cm.PublishEvent', 'did you mean "ms.PublishEvent"?'],
  ['PublishEvent', 'did you mean "ms.PublishEvent"?'],
  ['ms.publishEvent', 'did you mean "ms.PublishEvent"?'],
  ['ms.PublishEvents', 'did you mean "ms.PublishEvent"?'],
  ['ms_publish_event', 'did you mean "ms.PublishEvent"?'],
  ['.ams.cm.UpdateConversationField', 'did you mean "cm.UpdateConversationField"?'],
  ['ms.UpdateConversationField', 'did you mean "cm.UpdateConversationField"?'],
  ['setUserProfile', 'did you mean "userprofile.SetUserProfile"?'],
  ['ms.GenerateURLForUpload', 'did you mean "ms.GenerateURLForUploadFile"?'],
  ['userprofile.GetUserProfile', 'WebSocket API'],
  ['cqm.SubscribeExConversations', 'WebSocket API'],
  ['ms.SubscribeMessagingEvents', 'WebSocket API'],
  ['.ams.aam.SubscribeExConversations', 'WebSocket API'],
  ['InitConnection', 'WebSocket API'],
  ['GetClock', 'WebSocket API'],
  ['cm.ConsumerRequestConversation', 'it belongs to CONVERSATION'],
  ['.ams.cm.ConsumerRequestConversation', 'cm.ConsumerRequestConversation', 'CONVERSATION'],
  ['ContentEvent', 'body.event of ms.PublishEvent'],
  ['ms.MessagingEventNotification', 'a webhook'],
  ['cqm.ExConversationChangeNotification', 'a webhook'],
  ['x', 'expected ms.PublishEvent, '],
]

test.each<TypeCase>(types)(
  'says what was meant by the type %s [REQ-3.2, RES-9a]',
  async (type, ...says) => {
    await using session = await startHintSession()
    const refused = await session.refuse(
      {},
      JSON.stringify({ kind: 'req', id: '1', type, body: {} }),
    )
    expect([refused.status, refused.code]).toEqual([400, 40053])
    expectReason(refused, ...says)
  },
)

test('says that a type of SEND does not belong into a batch, and the other way round [RES-9a]', async () => {
  await using session = await startHintSession()
  const refuseBatch = (body: unknown) =>
    session.call({ url: session.batchUrl, headers: session.headers, body: JSON.stringify(body) })
  const type = 'ms.GenerateURLForUploadFile'
  const misplaced = await refuseBatch([{ type }, { type }])
  expect(misplaced.code).toBe(40053)
  expectReason(misplaced, 'it belongs to SEND')
  const single = await refuseBatch({ type: 'ms.PublishEvent' })
  expect(single.code).toBe(40059)
  expectReason(single, 'no array', '/send?v=3')
  const array = await session.refuse({}, '[]')
  expect(array.code).toBe(40051)
  expectReason(array, 'a batch is CONVERSATION')
})

const path = '/api/account/12345678/messaging/consumer/conversation'

type MissCase = [string, string, number, ...string[]]

const misses: MissCase[] = [
  ['POST', '/messaging/v1/consumers/x/conversations', 501, 'Messaging REST API', 'LP-ON-BEHALF'],
  ['GET', '/messaging/v1', 501, 'Messaging REST API'],
  ['GET', '/ws_api/account/12345678/messaging/consumer?v=3', 501, 'WebSocket'],
  ['GET', '/csdr/account/12345678/service/asyncMessagingEnt/baseURI.lpCsds', 501, 'CSDR'],
  ['GET', '/api/account/12345678/configuration/le-users/users', 501, 'accountConfigReadWrite'],
  ['POST', '/api/account/12345678/logout?v=1.3', 501, 'agentVep'],
  [
    'GET',
    '/messaging_history/api/account/12345678/conversations',
    501,
    'a service that Sendbox does not imitate',
  ],
  [
    'POST',
    `${path}/sent?v=3`,
    404,
    `POST /api/account/{accountId}/messaging/consumer/conversation/send?v=3`,
  ],
  ['POST', `${path}/Send?v=3`, 404, 'conversation/send?v=3', 'case sensitive'],
  ['POST', `${path}/send/?v=3`, 404, 'conversation/send?v=3', 'a slash too many'],
  [
    'POST',
    `${path}s?v=3`,
    404,
    'POST /api/account/{accountId}/messaging/consumer/conversation?v=3',
  ],
  ['POST', path.replace('/api', ''), 404, 'messaging/consumer/conversation?v=3'],
  ['POST', '/api/account/12345678/app/token', 404, '/sentinel/api/account/{accountId}/app/token'],
  ['POST', '/api/account/12345678/consumers?v=1.0', 501, '/api/account/{accountId}/consumer?v=1.0'],
  ['GET', '/api/account/12345678/service/baseURI.jsn', 404, 'service/baseURI.json?version=1.0'],
  ['GET', '/nothing%zz', 404, 'percent escapes'],
  ['GET', `${path}/send?v=3`, 405, 'expected POST, received GET'],
  [
    'DELETE',
    '/v1/AUTH_async-images/12345678/x.png',
    405,
    'expected PUT, GET, OPTIONS, received DELETE',
  ],
]

test.each<MissCase>(misses)(
  'says what was meant by %s %s [EP-8.2, RES-9a]',
  async (method, url, status, ...says) => {
    await using session = await startHintSession()
    const refused = await session.call({ method, url: session.server.url + url })
    expect(refused.status).toBe(status)
    for (const word of says) expect(refused.hint).toContain(word)
    expect(refused.logged).toBe(refused.hint)
  },
)

test('answers an Upgrade to WebSocket with 501 and the reason, and any other one with the miss [EP-8.2]', async () => {
  await using session = await startHintSession()
  const headers = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  }
  const url = `${session.server.url}/ws_api/account/12345678/messaging/consumer?v=3`
  const sibling = await session.call({ method: 'GET', url, headers })
  expect([sibling.status, sibling.code]).toEqual([501, 50151])
  expectReason(sibling, 'WebSocket', 'an Upgrade')
  const unknown = `${session.server.url}/api/account/12345678/messaging/consumer?v=3`
  const miss = await session.call({ method: 'GET', url: unknown, headers })
  expect(miss.status).toBe(404)
  expectReason(miss, 'an Upgrade')
})

test('resolves every service, and says which one a misspelt name means [EP-8.1, EP-8.3, EP-8.4]', async () => {
  await using session = await startHintSession()
  const toUrl = (name: string, version = '1.0') =>
    `${session.server.url}/api/account/12345678/service/${name}/baseURI.json?version=${version}`
  for (const service of serviceNames)
    expect((await call(toUrl(service))).json).toMatchObject({ service })
  for (const [name, meant] of [
    ['sentinell', 'sentinel'],
    ['AsyncMessagingEnt', 'asyncMessagingEnt'],
    ['messagingRestApi', 'messagingRestApiDomain'],
    ['msghist', 'msgHist'],
  ] as const) {
    const refused = await session.call({ method: 'GET', url: toUrl(name) })
    expect(refused.code).toBe(40453)
    expectReason(refused, `did you mean "${meant}"?`)
  }
  const version = await session.call({ method: 'GET', url: toUrl('idp', '2.0') })
  expect(version.code).toBe(40062)
  expectReason(version, 'version=1.0, received version=2.0')
})

test.each<[string, string]>([
  ['', 'no v'],
  ['?v=3.0', 'v=3.0'],
  ['?v=', 'v='],
  ['?v=3&v=3', 'v 2 times'],
  ['?version=3', 'the parameter version'],
  ['?V=3', 'the parameter V'],
])('says which version came with "%s" [EP-3.2, RES-9a]', async (query, says) => {
  await using session = await startHintSession()
  const url = session.sendUrl.replace(/\?.*$/, query)
  const refused = await session.call({ url, headers: session.headers, body: '{}' })
  expect([refused.status, refused.code]).toEqual([404, 40450])
  expectReason(refused, 'v=3, once and to the letter', says)
})
