import { AppTokenResponseSchema, operations, toPath } from '@sendbox/schema'
import { decodeJwt } from 'jose'
import { expect, test } from 'vitest'
import { type AccountsInput, type MockServer, startMockServer } from '../../../src/index.ts'
import { call, type ReceivedAnswer, startConsumerSession, text } from '../consumer-session.ts'

const accounts: AccountsInput = {
  '1': {
    installs: [
      { clientId: 'first', clientSecret: 'hush-1' },
      { clientId: 'second', clientSecret: 'hush-2' },
    ],
  },
}

const askToken = (
  { url }: MockServer,
  accountId: string,
  client_id: string,
  client_secret: string,
): Promise<ReceivedAnswer> => {
  const { path, query } = operations.appToken
  const search = new URLSearchParams(query).toString()
  return call(`${url}${toPath(path, { accountId })}?${search}`, {
    method: 'POST',
    body: new URLSearchParams({ client_id, client_secret }),
  })
}

const installUrl = ({ url }: MockServer, accountId: string): string =>
  `${url}/__sendbox/accounts/${accountId}/app-install`

const putInstall = (server: MockServer, accountId: string, manifest: unknown) =>
  call(installUrl(server, accountId), {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(manifest),
  })

const webhooks = {
  'ms.MessagingEventNotification.ContentEvent': {
    endpoint: 'http://127.0.0.1:8080/',
    max_retries: 5,
    headers: [{ header_name: 'Authorization', header_value: 'Bearer hush' }],
  },
  retry: { retention_time: 60 },
}

test('each install of a declared account gets an AppJWT in its own name', async () => {
  await using server = await startMockServer({ accounts })
  for (const [clientId, clientSecret] of [
    ['first', 'hush-1'],
    ['second', 'hush-2'],
  ] as const) {
    const answer = await askToken(server, '1', clientId, clientSecret)
    const { access_token } = AppTokenResponseSchema.parse(answer.json)
    expect(decodeJwt(access_token)).toMatchObject({ aud: '1', azp: clientId })
  }
})

test.each([
  ['the default credentials in a declared account', '1', 'sendbox-client', 'sendbox-secret'],
  ['the secret of another install', '1', 'first', 'hush-2'],
  ['credentials of another account', '2', 'first', 'hush-1'],
])('refuses %s', async (_, accountId, clientId, clientSecret) => {
  await using server = await startMockServer({ accounts })
  const answer = await askToken(server, accountId, clientId, clientSecret)
  expect([answer.status, answer.json]).toEqual([
    401,
    {
      error: 'invalid_client',
      error_description: 'client_id or client_secret is missing or wrong',
    },
  ])
})

test('the handle of an account has the credentials of its first install', async () => {
  await using server = await startMockServer({ accounts })
  const declared = server.account('1')
  expect([declared.clientId, declared.clientSecret]).toEqual(['first', 'hush-1'])
  expect(decodeJwt((await declared.tokens('zoe')).appJwt)['azp']).toBe('first')
  const other = server.account('2')
  expect([other.clientId, other.clientSecret]).toEqual(['sendbox-client', 'sendbox-secret'])
  expect((await askToken(server, '2', other.clientId, other.clientSecret)).status).toBe(200)
})

test('names the account that is declared wrongly', async () => {
  const wrong = { 1: { installs: 'first' } } as never
  await expect(startMockServer({ accounts: wrong })).rejects.toThrow(
    new TypeError('The accounts are not valid:\n  /1/installs: expected array, received "first"'),
  )
})

test('keeps a manifest that is put, and shows what is in effect without secrets', async () => {
  await using server = await startMockServer({ accounts })
  const manifest = {
    client_name: 'a connector',
    client_id: 'of no effect',
    client_secret: 'hush',
    capabilities: { webhooks, engagement: { design_engagement: true } },
  }
  const answer = await putInstall(server, '1', manifest)
  const shown = structuredClone(webhooks)
  for (const header of shown['ms.MessagingEventNotification.ContentEvent'].headers)
    header.header_value = '<redacted>'
  expect([answer.status, answer.json]).toEqual([
    200,
    {
      clientId: 'first',
      clientSecret: '<redacted>',
      capabilities: { webhooks: shown, engagement: { design_engagement: true } },
    },
  ])
  expect(answer.text).not.toContain('hush')
  expect((await call(installUrl(server, '1'))).text).toBe(answer.text)
  expect((await askToken(server, '1', 'first', 'hush-1')).status).toBe(200)
})

test('takes new credentials for an install with a put, and those before it no longer', async () => {
  await using server = await startMockServer({ accounts })
  const answer = await putInstall(server, '1', { clientId: 'third', clientSecret: 'hush-3' })
  expect(answer.json).toEqual({ clientId: 'third', clientSecret: '<redacted>' })
  const statuses = await Promise.all(
    [
      ['third', 'hush-3'],
      ['first', 'hush-1'],
      ['second', 'hush-2'],
    ].map(async ([id = '', secret = '']) => (await askToken(server, '1', id, secret)).status),
  )
  expect(statuses).toEqual([200, 401, 200])
  expect(server.account('1')).toMatchObject({ clientId: 'third', clientSecret: 'hush-3' })
})

test('replaces the manifest with each put, of one account alone, until reset', async () => {
  await using server = await startMockServer()
  const bare = { clientId: 'sendbox-client', clientSecret: '<redacted>' }
  const shownOf = async (accountId: string) => (await call(installUrl(server, accountId))).json
  const capabilities = { webhooks: { retry: { retention_time: 2 } } }
  await putInstall(server, '1', { capabilities: { webhooks } })
  await putInstall(server, '1', { capabilities })
  expect([await shownOf('1'), await shownOf('2')]).toEqual([{ ...bare, capabilities }, bare])
  await server.reset()
  expect(await shownOf('1')).toEqual(bare)
})

test('refuses a manifest with problems, as payloads are refused, and keeps the one before', async () => {
  await using server = await startMockServer()
  const before = await putInstall(server, '1', { capabilities: { webhooks } })
  const type = 'cqm.ExConversationChangeNotification'
  const headers = [{ header_name: 'a', header_value: 4711 }]
  const wrong = { [type]: { endpoint: 'ftp://host', max_retries: 6, headers } }
  const answer = await putInstall(server, '1', { capabilities: { webhooks: wrong } })
  const path = `/capabilities/webhooks/${type}`
  const problems = [
    [`${path}/endpoint`, 'a URL with http or https', '"ftp://host"'],
    [`${path}/max_retries`, 'an integer from 0 to 5', '6'],
    [`${path}/headers/0/header_value`, 'string', '<redacted>'],
  ].map(([pointer, expected, received]) => ({
    path: pointer,
    expected,
    received,
    message: `${pointer}: expected ${expected}, received ${received}`,
  }))
  expect([answer.status, answer.json]).toEqual([
    400,
    {
      title: 'Bad Request',
      details: problems.map(({ message }) => message).join('\n'),
      problems,
    },
  ])
  expect((await call(installUrl(server, '1'))).text).toBe(before.text)
})

test('an AppJWT of any install of the account is good for a conversation', async () => {
  await using session = await startConsumerSession({
    accounts: { '12345678': { installs: [{ clientId: 'a' }, { clientId: 'b' }] } },
  })
  const { server, accountId, headers, conversationId } = session
  const answer = await askToken(server, accountId, 'b', 'sendbox-secret')
  const { access_token } = AppTokenResponseSchema.parse(answer.json)
  const body = { dialogId: conversationId, event: text('hi') }
  const request = { id: 1, type: 'ms.PublishEvent', body }
  expect(decodeJwt(headers['Authorization'] ?? '')['azp']).toBe('a')
  expect((await session.send(request)).json).toMatchObject({ body: { sequence: 0 } })
  const sent = await session.send(request, { ...headers, Authorization: access_token })
  expect(sent.json).toMatchObject({ body: { sequence: 1 } })
})
