import { expect, test } from 'vitest'
import { type MockAccount, type MockServer, startMockServer } from '../../../src/index.ts'
import { call, startConsumerSession, text } from '../consumer-session.ts'

const webhooks = { 'cqm.ExConversationChangeNotification': { endpoint: 'http://127.0.0.1:1/' } }

/** Changes every part of an account that has no test of its own here. */
async function use(account: MockAccount, server: MockServer): Promise<void> {
  account.clock.freeze()
  await account.clock.advance(1000)
  account.faults.add({ action: { hang: true }, times: 1, match: { operation: 'upload' } })
  account.webhooks.register(webhooks)
  await account.conversations.open('zoe')
  const { accountId } = account
  const body = JSON.stringify({ state: 'a file was uploaded', params: { accountId } })
  const headers = { 'Content-Type': 'application/json' }
  await call(`${server.url}/__sendbox/provider-states`, { method: 'POST', headers, body })
  await call(`${server.url}/api/account/${accountId}/service/baseURI.json?version=1.0`)
  await account.webhooks.idle()
}

/** The state of an account, as far as a test can see it. */
const seen = async (account: MockAccount) => ({
  conversations: (await account.conversations.list()).map(({ conversationId }) => conversationId),
  requests: account.requests.list().length,
  faults: account.faults.list().length,
  files: (await account.snapshot()).files.length,
  deliveries: account.webhooks.list().length,
  installs: account.webhooks.installs().length,
  now: account.clock.now(),
  frozen: account.clock.frozen,
})

const options = { seed: 'seed', now: () => 5000 }

const unused = {
  conversations: [],
  requests: 0,
  faults: 0,
  files: 0,
  deliveries: 0,
  installs: 0,
  now: 5000,
  frozen: false,
}

test('resets one account and lets the others alone', async () => {
  await using server = await startMockServer(options)
  const [one, two] = [server.account('1'), server.account('2')]
  await use(one, server)
  await use(two, server)
  const before = await seen(one)
  expect(before).toMatchObject({
    requests: 1,
    faults: 1,
    files: 1,
    installs: 1,
    now: 6000,
    frozen: true,
  })
  expect(before.deliveries).toBeGreaterThan(0)
  const others = await seen(two)
  const url = `${server.url}/__sendbox/accounts/1/reset`
  expect((await call(url, { method: 'POST' })).json).toEqual({ reset: ['1'] })
  expect([await seen(one), await seen(two)]).toEqual([unused, others])
  await use(one, server)
  expect(await seen(one)).toEqual(before)
})

test('an account handle resets its account', async () => {
  await using server = await startMockServer(options)
  const account = server.account('1')
  await use(account, server)
  await account.reset()
  expect(await seen(account)).toEqual(unused)
})

test('a reset lets an account that was too fast go on', async () => {
  await using session = await startConsumerSession({
    ...options,
    settings: { limits: { requestsPerSecond: 1 } },
  })
  const account = session.server.account()
  const statusOf = async () => (await session.publish(text('hi'))).status
  const statuses = [await statusOf(), await statusOf()]
  await account.reset()
  await account.conversations.open('consumer-1', session.conversationId)
  expect([...statuses, await statusOf()]).toEqual([200, 429, 200])
})

test('resets everything where at most one account is active, otherwise only by force', async () => {
  await using server = await startMockServer(options)
  const accounts = ['1', '2', '3'].map(accountId => server.account(accountId))
  const [one, two, three] = accounts as [MockAccount, MockAccount, MockAccount]
  const url = `${server.url}/__sendbox/reset`
  const reset = async (body?: object) =>
    call(url, {
      method: 'POST',
      ...(body && {
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }),
    })
  await use(one, server)
  three.clock.freeze()
  expect((await reset()).json).toEqual({ reset: ['1', '3'] })
  expect([await seen(one), await seen(three)]).toEqual([unused, unused])

  await use(one, server)
  await call(`${server.url}/api/account/2/service/baseURI.json?version=1.0`)
  const before = await seen(one)
  for (const refused of [await reset(), await reset({}), await reset({ force: false })])
    expect([refused.status, refused.json]).toEqual([
      409,
      {
        title: 'Conflict',
        details:
          '2 accounts are active, which may be those of others: reset yours with POST /__sendbox/accounts/{accountId}/reset, or all with {"force": true}',
        accounts: ['1', '2'],
      },
    ])
  expect(await seen(one)).toEqual(before)
  expect((await reset({ force: true })).json).toEqual({ reset: ['1', '2', '3'] })
  expect([await seen(one), await seen(two)]).toEqual([unused, unused])
})

test('the server handle resets everything without being forced', async () => {
  await using server = await startMockServer(options)
  const accounts = ['1', '2'].map(accountId => server.account(accountId))
  for (const account of accounts) await use(account, server)
  await server.reset()
  expect(await Promise.all(accounts.map(seen))).toEqual([unused, unused])
})
