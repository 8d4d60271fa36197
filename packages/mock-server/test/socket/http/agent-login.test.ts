import { networkInterfaces } from 'node:os'
import {
  AgentLoginResponseSchema,
  BaseUrisResponseSchema,
  operations,
  toPath,
} from '@sendbox/schema'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { expect, test } from 'vitest'
import { type MockServer, startMockServer } from '../../../src/index.ts'
import { call, errorOf, startConsumerSession, text } from '../consumer-session.ts'
import { expectReason, startHintSession } from '../hints/refused-call.ts'

const accountId = '12345678'
const path = toPath(operations.agentLogin.path, { accountId })
const agent = { username: 'zoe@example.com', password: 'correct horse' }
const headers = { 'Content-Type': 'application/json' }

const logIn = ({ url }: MockServer, body: unknown = agent, query = '?v=1.3') =>
  call(`${url}${path}${query}`, { method: 'POST', headers, body: JSON.stringify(body) })

test('an agent logs in, and learns who it is and where the services are [EP-18.1]', async () => {
  await using server = await startMockServer({ now: () => 1_700_000_000_500 })
  const answer = await logIn(server)
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
  expect(answer.headers.get('x-sendbox-rules')).toBe('EP-18.1')
  const { bearer, csdsCollectionResponse, ...rest } = AgentLoginResponseSchema.parse(answer.json)
  expect(rest).toEqual({
    sessionTTl: '3600',
    config: { userId: expect.stringMatching(/^\d{10}$/), loginName: agent.username, isAdmin: true },
  })
  const domains = await call(`${server.url}/api/account/${accountId}/service/baseURI?version=1.0`)
  expect(csdsCollectionResponse).toEqual(BaseUrisResponseSchema.parse(domains.json))
  expect(decodeJwt(bearer)).toEqual({
    aud: accountId,
    sub: rest.config.userId,
    iat: 1_700_000_000,
    exp: 1_700_003_600,
  })
})

test('an agent has one id for each account, whatever version and password [EP-18.1]', async () => {
  await using server = await startMockServer()
  const idOf = (answer: Awaited<ReturnType<typeof call>>) =>
    AgentLoginResponseSchema.parse(answer.json).config.userId
  const id = idOf(await logIn(server))
  expect(idOf(await logIn(server, { ...agent, password: 'x' }, '?v=1.1'))).toBe(id)
  expect(idOf(await logIn(server, agent, ''))).toBe(id)
  expect(idOf(await logIn(server, { ...agent, username: 'max' }))).not.toBe(id)
  const other = `${server.url}${toPath(operations.agentLogin.path, { accountId: '1' })}`
  const elsewhere = await call(other, { method: 'POST', headers, body: JSON.stringify(agent) })
  expect(idOf(elsewhere)).not.toBe(id)
})

test.each([
  ['no password', { username: 'zoe' }, '/password: expected a string that is not empty'],
  ['an empty name', { ...agent, username: '' }, '/username: expected a string that is not empty'],
  ['a number', { ...agent, password: 1 }, '/password: expected a string that is not empty'],
  ['an array', [agent], ': expected an object'],
])('refuses a login with %s [EP-18.1]', async (_, body, details) => {
  await using server = await startMockServer()
  const answer = await logIn(server, body)
  expect([answer.status, answer.json]).toEqual([400, errorOf(400, 40052, 'Bad Request', details)])
})

test('nobody logs in with nobody, not even on loopback [EP-18.2]', async () => {
  await using server = await startMockServer({ settings: { agentLogin: 'nobody' } })
  const answer = await logIn(server)
  const refused = errorOf(401, 40152, 'Unauthorized', 'username or password is wrong')
  expect([answer.status, answer.json]).toEqual([401, refused])
})

const outward = Object.values(networkInterfaces())
  .flatMap(addresses => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address

test('off loopback nobody logs in, unless everybody may [EP-18.2]', async ({ skip }) => {
  skip(outward === undefined, 'this machine has no address but loopback')
  for (const [agentLogin, status] of [
    ['loopback', 401],
    ['everybody', 200],
  ] as const) {
    await using server = await startMockServer({ host: '0.0.0.0', settings: { agentLogin } })
    const url = `http://${outward}:${new URL(server.url).port}${path}`
    const answer = await call(url, { method: 'POST', headers, body: JSON.stringify(agent) })
    expect([agentLogin, answer.status]).toEqual([agentLogin, status])
  }
})

test('says that a setting refused the login [EP-18.2, RES-9a]', async () => {
  await using session = await startHintSession({ settings: { agentLogin: 'nobody' } })
  const url = `${session.server.url}${path}?v=1.3`
  const refused = await session.call({ url, headers, body: JSON.stringify(agent) })
  expect(refused.code).toBe(40152)
  expectReason(refused, 'setting agentLogin is "nobody"')
})

test("an agent's bearer is no AppJWT, and the hint says so [AUTH-6, EP-18.1]", async () => {
  await using session = await startHintSession()
  const { bearer } = AgentLoginResponseSchema.parse((await logIn(session.server)).json)
  expect(decodeProtectedHeader(bearer)['typ']).toBe('agent-bearer+jwt')
  const refused = await session.refuse({ Authorization: `Bearer ${bearer}` })
  expect(refused.code).toBe(40102)
  expectReason(refused, "the bearer of an agent's login")
})

test('the journal names the agent, and neither password nor bearer [EP-18.1]', async () => {
  await using session = await startConsumerSession()
  await session.publish(text('before'))
  const { bearer } = AgentLoginResponseSchema.parse((await logIn(session.server)).json)
  await logIn(session.server, { ...agent, password: 'brief' })
  const entries = session.server.account().requests.list({ operation: 'agentLogin' })
  expect(entries.map(({ body }) => body)).toEqual([
    { username: agent.username, password: '<redacted>' },
    { username: agent.username, password: '<redacted>' },
  ])
  expect(entries[0]?.answer?.body).toMatchObject({
    bearer: '<redacted>',
    config: { loginName: agent.username },
  })
  const shown = JSON.stringify(session.server.account().requests.list())
  for (const secret of [agent.password, 'brief', bearer, bearer.split('.')[2] ?? '?'])
    expect(shown).not.toContain(secret)
})

test('a fault acts on a login as on any other call [EP-18.1]', async () => {
  await using server = await startMockServer()
  const { faults } = server.account()
  faults.add({ match: { operation: 'agentLogin' }, action: { status: 429 }, times: 1 })
  expect((await logIn(server)).status).toBe(429)
  expect((await logIn(server)).status).toBe(200)
})
