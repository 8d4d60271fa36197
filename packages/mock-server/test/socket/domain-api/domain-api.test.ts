import { expect, test } from 'vitest'
import { startMockServer } from '../../../src/index.ts'
import { call, errorOf } from '../consumer-session.ts'
import { rawCall } from '../raw-call.ts'

const pathOf = (rest: string) => `/api/account/12345678/service/${rest}`

test('answers every service with the host and port that it was asked on [EP-6.1, EP-6.2, EP-8.1, EP-8.3, EP-8.4]', async () => {
  await using server = await startMockServer()
  const baseURI = new URL(server.url).host
  const all = await call(`${server.url}${pathOf('baseURI.json?version=1.0')}`)
  const names = [
    'asyncMessagingEnt',
    'sentinel',
    'idp',
    'swift',
    'accountConfigReadWrite',
    'msgHist',
    'agentVep',
    'messagingRestApiDomain',
    'faasGW',
    'faasUI',
    'facadeMsg',
    'appMgmtSvcDomain',
    'agentManagerWorkspace',
  ]
  expect(all.status).toBe(200)
  expect(all.json).toEqual({
    baseURIs: names.map(service => ({ service, account: '12345678', baseURI })),
  })
  expect((await call(`${server.url}${pathOf('baseURI?version=1.0')}`)).text).toBe(all.text)
})

test.each([
  ['object', (found: object) => found],
  ['baseURIs', (found: object) => ({ baseURIs: [found] })],
  ['array', (found: object) => [found]],
] as const)('answers one service in the form %s [EP-5.1, EP-5.2]', async (single, toBody) => {
  await using server = await startMockServer({ settings: { domainApi: { single } } })
  const answer = await call(`${server.url}${pathOf('sentinel/baseURI.json?version=1.0')}`)
  const baseURI = new URL(server.url).host
  expect(answer.json).toEqual(toBody({ service: 'sentinel', account: '12345678', baseURI }))
})

test.each([
  ['Sentinel/baseURI.json?version=1.0', 404, 40453, 'Not Found', 'No such service: Sentinel'],
  ['sentinel/baseURI.json', 400, 40062, 'Bad Request', 'version must be 1.0'],
  ['baseURI.json?version=2.0', 400, 40062, 'Bad Request', 'version must be 1.0'],
])('refuses %s [EP-5.1, EP-7.1, EP-7.2]', async (path, status, errorCode, title, details) => {
  await using server = await startMockServer()
  const answer = await call(`${server.url}${pathOf(path)}`)
  expect([answer.status, answer.json]).toEqual([status, errorOf(status, errorCode, title, details)])
})

test('answers 401 for an account that is configured as unknown, and for no other [EP-7.1]', async () => {
  await using server = await startMockServer({
    settings: { domainApi: { unknownAccounts: ['12345678'] } },
  })
  const statuses = await Promise.all(
    ['/12345678', '/12345678/sentinel', '/1', '/1/sentinel'].map(async path => {
      const [, account, service] = path.split('/')
      const rest = service ? `${service}/baseURI.json` : 'baseURI.json'
      return (await call(`${server.url}/api/account/${account}/service/${rest}?version=1.0`)).status
    }),
  )
  expect(statuses).toEqual([401, 401, 200, 200])
})

const forwarded = { 'X-Forwarded-Host': 'connector.example:443', 'X-Forwarded-Proto': 'https' }

test('names the host that a proxy was asked for where the setting trusts it alone [EP-5.3]', async () => {
  for (const trustProxy of [true, false]) {
    await using server = await startMockServer({ settings: { domainApi: { trustProxy } } })
    const url = `${server.url}${pathOf('idp/baseURI.json?version=1.0')}`
    const baseURI = trustProxy ? 'connector.example' : new URL(server.url).host
    expect((await call(url, { headers: forwarded })).json).toMatchObject({ baseURI })
  }
})

test.each(['user@a.test', 'a.test/b', 'a.test:99999', '', '%', 'a b'])(
  'a forwarded host %j is none, and the one of the request counts [EP-5.3]',
  async host => {
    await using server = await startMockServer({ settings: { domainApi: { trustProxy: true } } })
    const url = `${server.url}${pathOf('idp/baseURI.json?version=1.0')}`
    const answer = await call(url, { headers: { 'X-Forwarded-Host': host } })
    expect(answer.json).toMatchObject({ baseURI: new URL(server.url).host })
  },
)

test('a proxy is trusted for the Domain API alone, not by the control API and the check of web pages [EP-5.3]', async () => {
  await using server = await startMockServer({ settings: { domainApi: { trustProxy: true } } })
  const statusOf = async (path: string, headers: Readonly<Record<string, string>>) =>
    Number(
      /^HTTP\/1.1 (\d+)/.exec(
        (await rawCall({ method: 'GET', url: server.url + path, headers })).text,
      )?.[1],
    )
  const foreign = { Host: 'evil.example', 'X-Forwarded-Host': new URL(server.url).host }
  expect(await statusOf('/__sendbox/accounts', foreign)).toBe(403)
  const page = { Origin: 'http://evil.example', 'X-Forwarded-Host': 'evil.example' }
  expect(await statusOf('/api/account/1/configuration/app-install/installations', page)).toBe(403)
})
