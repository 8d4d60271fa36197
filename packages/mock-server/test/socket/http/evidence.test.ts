import { operations, toPath } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { startMockServer } from '../../../src/index.ts'
import { call, errorOf, startConsumerSession, text } from '../consumer-session.ts'

const namedIn = ({ headers }: { headers: Headers }) => [
  headers.get('x-sendbox-rules'),
  headers.get('x-sendbox-evidence'),
]

test('names the rules of an answer and the weakest evidence among them [RES-9]', async () => {
  await using session = await startConsumerSession()
  expect(namedIn(await session.publish(text('hi')))).toEqual([
    'EP-1, RES-1, RES-1a, RES-2, RES-3, PUB-2, SEQ-1',
    'documented',
  ])
  expect(namedIn(await session.publish({ type: 'ChatStateEvent', chatState: 'GONE' }))).toEqual([
    'EP-1, RES-1, RES-1a, RES-2, RES-3, PUB-7, SEQ-4',
    'documented',
  ])
  expect(namedIn(await session.publish({ ...(text('hi') as object), mood: 1 }))).toEqual([
    'EP-1, RES-1, RES-1a, RES-2, RES-3, PUB-2, SEQ-1, REQ-4',
    'tolerated',
  ])
  const unassigned = { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [99] }
  expect(namedIn(await session.publish(unassigned))).toEqual([
    'EP-1, RES-1, RES-1a, RES-2, RES-3, PUB-8.1, SEQ-1, PUB-8a',
    'assumed',
  ])
  expect(namedIn(await session.close())).toEqual([
    'EP-1, RES-1, RES-1a, RES-2, UPD-2, RES-5.1, RES-5.2',
    'assumed',
  ])
  expect(namedIn(await session.publish(text('late')))).toEqual([
    'LIF-2.1, LIF-2.2, RES-7, RES-6',
    'assumed',
  ])
  const broken = { ...session.headers, Authorization: 'broken' }
  const good = { id: 1, type: 'userprofile.SetUserProfile', body: {} }
  expect(namedIn(await session.send(good, broken))).toEqual(['AUTH-6, AUTH-5', 'documented'])
  expect(namedIn(await session.publish({ type: 'ChatStateEvent', chatState: 'X' }))).toEqual([
    'RES-7, PUB-7, RES-6',
    'assumed',
  ])
})

test('names AUTH-11 where two checks that were run fail, and only there [RES-9, AUTH-11]', async () => {
  await using session = await startConsumerSession()
  const good = { id: 1, type: 'userprofile.SetUserProfile', body: {} }
  const rulesFor = async (
    headers: Record<string, string>,
    body: unknown = good,
    query = '?v=3',
  ) => {
    const answer = await call(session.sendUrl.replace('?v=3', query), {
      method: 'POST',
      headers: { ...session.headers, ...headers },
      body: JSON.stringify(body),
    })
    return answer.headers.get('x-sendbox-rules')
  }
  const broken = { Authorization: 'broken' }
  expect(await rulesFor({ ...broken, 'X-LP-ON-BEHALF': 'broken' })).toBe('AUTH-6, AUTH-11, AUTH-5')
  expect(await rulesFor(broken, good, '')).toBe('AUTH-6, AUTH-11, AUTH-5')
  expect(await rulesFor(broken, [])).toBe('AUTH-6, AUTH-5')
  expect(await rulesFor({}, [], '')).toBe('EP-3.1, EP-3.2, RES-7, RES-6')
  expect(await rulesFor({}, good, '')).toBe('EP-3.1, EP-3.2, RES-7, RES-6')
  expect(await rulesFor({}, [])).toBe('EP-4.1, EP-4.2, RES-7, RES-6')
})

test('names no rules where the setting says so, and none under /__sendbox [RES-9]', async () => {
  await using session = await startConsumerSession({ settings: { evidenceHeaders: false } })
  expect(namedIn(await session.publish(text('hi')))).toEqual([null, null])
  await using server = await startMockServer()
  expect(namedIn(await call(`${server.url}/__sendbox/health`))).toEqual([null, null])
})

const nothingPublic = errorOf(
  501,
  50150,
  'Not Implemented',
  'Nothing public says what the service answers here',
  '1',
)

test('answers 501 below the least evidence, and does nothing then [RES-9]', async () => {
  await using session = await startConsumerSession({ settings: { minEvidence: 'documented' } })
  const view = () => session.server.account().conversations.get(session.conversationId)
  expect((await session.publish(text('hi'))).status).toBe(200)
  const closed = await session.close()
  expect([closed.status, closed.json]).toEqual([501, nothingPublic])
  expect(namedIn(closed)).toEqual(['UPD-2, RES-5.1, RES-5.2, RES-6', 'assumed'])
  const read = { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [7] }
  expect((await session.publish(read)).json).toEqual(nothingPublic)
  const unknownField = { ...(text('hi') as object), mood: 1 }
  expect((await session.publish(unknownField)).json).toEqual(nothingPublic)
  expect(await view()).toMatchObject({ stage: 'OPEN', dialogs: [{ nextSequence: 1 }] })
  const set = await session.send({ id: 1, type: 'userprofile.SetUserProfile', body: {} })
  expect(set.json).toEqual(nothingPublic)
  const unknown = await call(`${session.server.url}/nowhere`)
  expect(unknown.status).toBe(501)
})

test('opens no second conversation where only an assumption says what comes of it', async () => {
  await using session = await startConsumerSession({
    settings: { minEvidence: 'recorded', secondConversation: 'allow' },
  })
  const answer = await session.sendBatch([
    { id: 1, type: 'userprofile.SetUserProfile', body: {} },
    { id: 1, type: 'cm.ConsumerRequestConversation', body: { brandId: session.accountId } },
  ])
  expect([answer.status, answer.json]).toEqual([501, nothingPublic])
  expect(await session.server.account().conversations.list()).toHaveLength(1)
})

test('opens no conversation by a batch that is only tolerated', async () => {
  await using session = await startConsumerSession({ settings: { minEvidence: 'recorded' } })
  await session.server.reset()
  const body = { brandId: session.accountId }
  const batch = (more: object) => [
    { id: 1, type: 'userprofile.SetUserProfile', body: {} },
    { id: 1, type: 'cm.ConsumerRequestConversation', body, ...more },
  ]
  const answer = await session.sendBatch(batch({ skillId: '3' }))
  expect([answer.status, await session.server.account().conversations.list()]).toEqual([501, []])
  expect((await session.sendBatch(batch({}))).status).toBe(200)
})

test('lets a client log in by recorded evidence, without expires_in [EP-11]', async () => {
  const minEvidence = 'recorded'
  const form = () =>
    new URLSearchParams({
      client_id: 'sendbox-client',
      client_secret: 'sendbox-secret',
    })
  const login = async (url: string) => {
    const { path, query } = operations.appToken
    const search = new URLSearchParams(query).toString()
    const target = `${url}${toPath(path, { accountId: '12345678' })}?${search}`
    return (await call(target, { method: 'POST', body: form() })).status
  }
  await using withExpiry = await startMockServer({ settings: { minEvidence } })
  expect(await login(withExpiry.url)).toBe(501)
  await using without = await startMockServer({
    settings: { minEvidence, token: { expiresIn: false } },
  })
  expect(await login(without.url)).toBe(200)
})

test('refuses a batch as a whole where its first message is refused', async () => {
  await using session = await startConsumerSession({
    settings: { mode: 'strict', secondConversation: 'allow' },
  })
  const answer = await session.sendBatch([
    { id: 1, type: 'userprofile.SetUserProfile', body: {} },
    { id: 2, type: 'cm.ConsumerRequestConversation', body: { brandId: session.accountId } },
    {
      id: 3,
      type: 'ms.PublishEvent',
      body: { event: { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [0] } },
    },
  ])
  expect([answer.status, answer.json]).toEqual([
    400,
    errorOf(400, 40058, 'Bad Request', 'Sequence 0 is not assigned', '3'),
  ])
  expect(await session.server.account().conversations.list()).toHaveLength(1)
})
