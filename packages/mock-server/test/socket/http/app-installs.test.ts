import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AgentLoginResponseSchema,
  AppInstallSchema,
  AppInstallsSchema,
  operations,
  toPath,
} from '@sendbox/schema'
import { expect, test } from 'vitest'
import { type MockServer, type MockServerOptions, startMockServer } from '../../../src/index.ts'
import { startWebhookReceiver } from '../../webhook-receiver.ts'
import { call, errorOf, type ReceivedAnswer } from '../consumer-session.ts'

const accountId = '12345678'
const listPath = toPath(operations.appInstalls.path, { accountId })
const contentType = { 'Content-Type': 'application/json' }
const contentEvent = 'ms.MessagingEventNotification.ContentEvent'

type Headers = Readonly<Record<string, string>>

/** An agent that is logged in to a mock of a test's own. */
async function startAgentSession(options: MockServerOptions = {}) {
  const server = await startMockServer(options)
  const domains = await call(`${server.url}/api/account/${accountId}/service/baseURI?version=1.0`)
  const { baseURIs } = operations.baseUris.responses[200].parse(domains.json)
  const hostOf = (name: string) => baseURIs.find(({ service }) => service === name)?.baseURI
  const loginUrl = `http://${hostOf('agentVep')}${toPath(operations.agentLogin.path, { accountId })}`
  const session = await call(`${loginUrl}?v=1.3`, {
    method: 'POST',
    headers: contentType,
    body: JSON.stringify({ username: 'zoe', password: 'any one' }),
  })
  const { bearer } = AgentLoginResponseSchema.parse(session.json)
  const base = `http://${hostOf('accountConfigReadWrite')}${listPath}`
  const authorized: Headers = { ...contentType, Authorization: `Bearer ${bearer}` }
  const ask = (
    method: string,
    path = '/sendbox-client',
    headers: Headers = {},
    body?: unknown,
  ): Promise<ReceivedAnswer> =>
    call(`${base}${path}?v=1.0`, {
      method,
      headers: { ...authorized, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  const revision = async (): Promise<string> =>
    (await ask('GET', '')).headers.get('ac-revision') ?? ''
  return {
    server,
    bearer,
    ask,
    revision,
    put: async (body: unknown, path?: string) =>
      ask('PUT', path, { 'If-Match': await revision() }, body),
    [Symbol.asyncDispose]: () => server.close(),
  }
}

const publish = async (server: MockServer, message: string): Promise<void> => {
  const account = server.account(accountId)
  const { conversationId } = await account.conversations.open('consumer-1')
  await account.agent(conversationId).say(message)
}

test('the way of the demo: domains, login, list, PUT of an endpoint, and its webhook [EP-19.1]', async () => {
  await using receiver = await startWebhookReceiver()
  await using session = await startAgentSession()
  const listed = await session.ask('GET', '')
  const [found] = AppInstallsSchema.parse(listed.json)
  const id = found?.id ?? ''
  const shown = await session.ask('GET', `/${id}`)
  expect(AppInstallSchema.parse(shown.json)).toEqual(found)
  const revision = shown.headers.get('ac-revision') ?? ''
  expect([revision, listed.headers.get('ac-revision')]).toEqual([
    expect.stringMatching(/^\d+$/),
    revision,
  ])
  const capabilities = { webhooks: { [contentEvent]: { endpoint: receiver.url } } }
  const changed = { ...found, description: 'Of a test', capabilities }
  const put = await session.ask('PUT', `/${id}`, { 'If-Match': revision }, changed)
  expect([put.status, put.json]).toEqual([200, changed])
  await publish(session.server, 'Hello')
  await session.server.account(accountId).webhooks.waitFor({ match: { state: 'delivered' } })
  expect(receiver.messages).toEqual(['Hello'])
})

test('POST with X-HTTP-Method-Override: PUT is a PUT, and without it a service that is not imitated [EP-8.2, EP-19.1]', async () => {
  await using session = await startAgentSession()
  const headers = { 'If-Match': await session.revision() }
  const override = { ...headers, 'X-HTTP-Method-Override': 'PUT' }
  const put = await session.ask('POST', undefined, override, { description: 'new' })
  expect([put.status, put.json]).toMatchObject([200, { description: 'new' }])
  const posted = await session.ask('POST', undefined, headers, { description: 'newer' })
  const created = await session.ask('POST', '', headers, {})
  expect([posted.status, created.status]).toEqual([501, 501])
  const { requests } = session.server.account(accountId)
  requests.verify({ match: { operation: 'replaceAppInstall' }, count: 1 })
})

test('a revision is good for one change, and 412 refuses another [EP-19.2]', async () => {
  await using session = await startAgentSession()
  const first = await session.revision()
  expect((await session.put({ description: 'one' })).status).toBe(200)
  const second = await session.revision()
  expect(second).not.toBe(first)
  const stale = errorOf(
    412,
    41250,
    'Precondition Failed',
    'If-Match must be the ac-revision of the app install',
  )
  for (const headers of [{ 'If-Match': first }, {}] as const)
    for (const method of ['PUT', 'DELETE']) {
      const body = method === 'PUT' ? { description: 'two' } : undefined
      const refused = await session.ask(method, undefined, headers, body)
      expect([refused.status, refused.json]).toEqual([412, stale])
    }
  expect((await session.ask('GET')).json).toMatchObject({ description: 'one' })
})

test('the control API and the service change one install, and one revision [EP-19.1]', async () => {
  await using session = await startAgentSession()
  const before = await session.revision()
  const capabilities = { webhooks: { [contentEvent]: { endpoint: 'https://connector.example/' } } }
  await call(`${session.server.url}/__sendbox/accounts/${accountId}/app-install`, {
    method: 'PUT',
    headers: contentType,
    body: JSON.stringify({ capabilities }),
  })
  expect(await session.revision()).not.toBe(before)
  expect((await session.ask('GET')).json).toMatchObject({ capabilities })
})

test('DELETE gives the default install back [EP-19.2]', async () => {
  await using session = await startAgentSession()
  const initial = await session.ask('GET')
  await session.put({ description: 'new', enabled: false })
  const deleted = await session.ask('DELETE', undefined, { 'If-Match': await session.revision() })
  expect([deleted.status, deleted.json]).toMatchObject([
    200,
    { description: 'new', enabled: false, deleted: true },
  ])
  const after = await session.ask('GET')
  expect([after.json, await session.revision()]).toEqual([
    initial.json,
    initial.headers.get('ac-revision'),
  ])
})

test('wants the bearer of an agent of this account, alive and after its scheme [EP-19.2]', async () => {
  await using session = await startAgentSession()
  const { server, bearer } = session
  const { appJwt, consumerJws } = await server.account(accountId).tokens('zoe')
  const refused = errorOf(401, 40153, 'Unauthorized', 'Bearer is missing, wrong or past its time')
  for (const value of [
    '',
    bearer,
    `Basic ${bearer}`,
    `Bearer ${bearer}x`,
    `Bearer ${appJwt}`,
    `Bearer ${consumerJws}`,
  ])
    for (const [method, path] of [
      ['GET', ''],
      ['GET', undefined],
      ['PUT', undefined],
      ['DELETE', undefined],
    ] as const) {
      const answer = await session.ask(method, path, { Authorization: value })
      expect([answer.status, answer.json]).toEqual([401, refused])
    }
  const foreign = `${server.url}${toPath(operations.appInstalls.path, { accountId: '1' })}`
  const headers = { Authorization: `Bearer ${bearer}` }
  const elsewhere = await call(foreign, { headers })
  expect(elsewhere.status).toBe(401)
  expect(elsewhere.headers.get('x-sendbox-hint')).toContain('one of another account')
  await server.account(accountId).clock.advance(3_600_000)
  const late = await session.ask('GET')
  expect(late.status).toBe(401)
  expect(late.headers.get('x-sendbox-hint')).toContain('one that expired at')
})

test.each([
  [
    'an endpoint of a metadata service',
    { capabilities: { webhooks: { [contentEvent]: { endpoint: 'http://169.254.169.254/' } } } },
    /^\/capabilities\/webhooks/,
  ],
  [
    'a header that cannot be sent',
    {
      capabilities: {
        webhooks: {
          [contentEvent]: {
            endpoint: 'https://connector.example/',
            headers: [{ header_name: 'a b', header_value: 'x' }],
          },
        },
      },
    },
    /headers\/0\/header_name: expected a header name/,
  ],
  [
    'another client id',
    { client_id: 'other' },
    /^\/client_id: expected the one of the app install/,
  ],
  [
    'another secret',
    { client_secret: 'other' },
    /^\/client_secret: expected the one of the app install/,
  ],
  ['a text for enabled', { enabled: 'yes' }, /^\/enabled: expected/],
])('refuses a PUT with %s, and changes nothing [EP-19.1, WH-13]', async (_, body, details) => {
  await using session = await startAgentSession()
  const before = await session.ask('GET')
  const refused = await session.put(body)
  expect(refused.status).toBe(400)
  expect(refused.json).toMatchObject({
    body: { errorCode: 40052, details: expect.stringMatching(details) },
  })
  expect((await session.ask('GET')).json).toEqual(before.json)
})

test('shows each install of an account, and changes the first alone [EP-8.2, EP-19.2]', async () => {
  const installs = [{ clientId: 'first' }, { clientId: 'second' }]
  await using session = await startAgentSession({ accounts: { [accountId]: { installs } } })
  const listed = AppInstallsSchema.parse((await session.ask('GET', '')).json)
  expect(listed.map(({ id }) => id)).toEqual(['first', 'second'])
  expect((await session.ask('GET', '/second')).json).toEqual(listed[1])
  const unknown = await session.ask('GET', '/third')
  expect([unknown.status, unknown.headers.get('x-sendbox-hint')]).toEqual([
    404,
    'The path: expected the client id of an app install, "first" or "second", received the id "third"',
  ])
  const refused = await session.put({ description: 'x' }, '/second')
  expect(refused.status).toBe(501)
  expect(refused.headers.get('x-sendbox-hint')).toContain('the first app install')
  expect((await session.put({ description: 'x' }, '/first')).status).toBe(200)
})

test('a change is in snapshots and in the data folder, with its details [EP-19.1]', async () => {
  const data = await mkdtemp(join(tmpdir(), 'sendbox-installs-'))
  try {
    const changed = await (async () => {
      await using session = await startAgentSession({ data })
      const put = await session.put({ description: 'kept', scope: 'msg.consumer x' })
      const account = session.server.account(accountId)
      const snapshot = await account.snapshot()
      await account.reset()
      await account.restore(snapshot)
      expect((await session.ask('GET')).json).toEqual(put.json)
      return put.json
    })()
    await using session = await startAgentSession({ data })
    expect((await session.ask('GET')).json).toEqual(changed)
  } finally {
    await rm(data, { recursive: true })
  }
})

test('journal and log-safe: no secret, bearer and header value of an install shows [EP-19.1]', async () => {
  await using session = await startAgentSession()
  const headers = [{ header_name: 'x-own', header_value: 'value-of-this-test' }]
  const endpoint = 'https://connector.example/'
  await session.put({ capabilities: { webhooks: { [contentEvent]: { endpoint, headers } } } })
  const entries = session.server.account(accountId).requests.list()
  const shown = JSON.stringify(entries)
  for (const secret of ['sendbox-secret', 'value-of-this-test', session.bearer])
    expect(shown).not.toContain(secret)
  expect(entries.map(({ operation }) => operation)).toContain('replaceAppInstall')
})
