import { once } from 'node:events'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { expect, test } from 'vitest'
import { createService } from '../../../src/app/create-app.ts'
import { createExpressApp } from '../../../src/app/create-express-app.ts'
import { startMockServer } from '../../../src/index.ts'

type Headers = Readonly<Record<string, string>>

/** `fetch` lets nobody choose Host and Origin. */
async function ask(url: string, headers: Headers = {}, path = '/__sendbox/health') {
  const { hostname, port } = new URL(url)
  const sent = request({ hostname: hostname.replace(/^\[|\]$/g, ''), port, path, headers }).end()
  const [response] = await once(sent, 'response')
  let text = ''
  for await (const chunk of response) text += String(chunk)
  return {
    status: response.statusCode,
    headers: response.headers,
    body: JSON.parse(text) as unknown,
  }
}

const statusOf = async (url: string, headers: Headers): Promise<unknown> =>
  (await ask(url, headers)).status

test('is open on loopback under every loopback name, and under no other', async () => {
  await using server = await startMockServer()
  const names = [
    '127.0.0.1:1',
    'localhost',
    'LOCALHOST:4020',
    'a.localhost',
    '[::1]:1',
    '127.9.9.9',
  ]
  for (const Host of names)
    expect([Host, await statusOf(server.url, { Host })]).toEqual([Host, 200])
  const foreign = ['evil.test', '127.0.0.1.evil.test', 'localhost.evil.test:4020', '192.0.2.1']
  for (const Host of foreign)
    expect([Host, await statusOf(server.url, { Host })]).toEqual([Host, 403])
  expect((await ask(server.url, { Host: 'evil.test' })).body).toEqual({
    title: 'Forbidden',
    details:
      'The control API is not open under the Host that was asked: ask at http://127.0.0.1, or name the host in allowedHosts (--allowed-hosts)',
  })
})

test('is open under the name that the mock listens on', async () => {
  const app = createExpressApp(createService({}), { host: 'Mock.test' })
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  expect(await statusOf(url, { Host: 'mock.test:1' })).toBe(200)
  expect(await statusOf(url, { Host: 'other.test' })).toBe(403)
  server.close()
})

test('is closed to web pages of another origin', async () => {
  await using server = await startMockServer()
  const { host } = new URL(server.url)
  const own = await statusOf(server.url, { Host: host, Origin: `http://${host}` })
  expect(own).toBe(200)
  for (const Origin of ['http://evil.test', 'http://127.0.0.1:1', 'null', 'https://localhost'])
    expect([Origin, await statusOf(server.url, { Origin })]).toEqual([Origin, 403])
  expect((await ask(server.url, { Origin: 'http://evil.test' })).body).toEqual({
    title: 'Forbidden',
    details:
      'The control API is not open to pages of another Origin: ask at http://127.0.0.1, from a program',
  })
})

const token = { Authorization: 'Bearer a-token' }

test('requires the control token on loopback too, but at the probes', async () => {
  await using server = await startMockServer({ controlToken: 'a-token' })
  const paths = ['', '/accounts', '/jwks.json', '/openapi.json', '/nowhere', '/health/']
  for (const path of paths) {
    const statusWith = async (headers: Headers) =>
      (await ask(server.url, headers, `/__sendbox${path}`)).status
    expect([
      path,
      await statusWith({}),
      await statusWith({ Authorization: 'Basic a-token' }),
    ]).toEqual([path, 401, 401])
    expect(await statusWith(token)).not.toBe(401)
  }
  for (const path of ['/__sendbox/health', '/__sendbox/ready'])
    expect([
      (await ask(server.url, {}, path)).status,
      (await ask(server.url, { Authorization: 'Bearer wrong' }, path)).status,
      (await ask(server.url, token, path)).status,
    ]).toEqual([200, 401, 200])
  const services = '/api/account/1/service/baseURI.json?version=1.0'
  expect((await ask(server.url, {}, services)).status).toBe(200)
})

test('a valid control token lifts neither the check of Host nor that of Origin', async () => {
  await using server = await startMockServer({ controlToken: 'a-token' })
  expect(await statusOf(server.url, { ...token, Host: 'evil.test' })).toBe(403)
  expect(await statusOf(server.url, { ...token, Origin: 'http://evil.test' })).toBe(403)
})

test('ignores Authorization where no control token is set', async () => {
  await using server = await startMockServer()
  expect(await statusOf(server.url, { Authorization: 'Bearer anything' })).toBe(200)
})

test('is open under the names of allowedHosts', async () => {
  await using server = await startMockServer({
    allowedHosts: ['Mock.example', '192.0.2.7', 'fd00::1'],
  })
  for (const Host of ['mock.example:1', '192.0.2.7', '[fd00::1]:2'])
    expect([Host, await statusOf(server.url, { Host })]).toEqual([Host, 200])
  expect(await statusOf(server.url, { Host: 'other.example' })).toBe(403)
  expect(
    await statusOf(server.url, { Host: 'other.example', 'X-Forwarded-Host': 'mock.example' }),
  ).toBe(403)
})

test.each([['a:1'], ['http://a'], ['a/b'], ['']])(
  'refuses the allowed host %j at start',
  async name => {
    await expect(startMockServer({ allowedHosts: [name] })).rejects.toThrow(
      'The allowedHosts are not valid:\n  /0: expected a host name without a port',
    )
  },
)

test('refuses a page of another site that sends no Origin, unless it only reads', async () => {
  await using server = await startMockServer()
  const statusFor = async (method: string, site: string) => {
    const url = `${server.url}/__sendbox/accounts/1/requests`
    const sent = request(url, { method, headers: { 'Sec-Fetch-Site': site } }).end()
    const [response] = await once(sent, 'response')
    response.resume()
    return response.statusCode
  }
  for (const [site, status] of [
    ['cross-site', 403],
    ['same-site', 403],
    ['same-origin', 200],
    ['none', 200],
  ] as const)
    expect([site, await statusFor('DELETE', site)]).toEqual([site, status])
  expect(await statusFor('GET', 'cross-site')).toBe(200)
})

test('no response may be read by another site, guessed a type of, or stored', async () => {
  await using server = await startMockServer()
  for (const headers of [{}, { Host: 'evil.test' }])
    expect((await ask(server.url, headers)).headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    })
})

test.each(['', 'two words', 'ä'])('refuses the control token %j at start', async controlToken => {
  await expect(startMockServer({ controlToken })).rejects.toThrow(
    new TypeError(
      'controlToken must be one or more visible ASCII characters, without blanks; leave it out to keep the control API on loopback',
    ),
  )
})

const outward = Object.values(networkInterfaces())
  .flat()
  .find(address => address?.family === 'IPv4' && !address.internal)?.address

test('off loopback, wants the control token', async ({ skip }) => {
  skip(outward === undefined, 'this machine has no address but loopback')
  await using server = await startMockServer({ host: '0.0.0.0', controlToken: 'a-token' })
  const url = `http://${outward}:${new URL(server.url).port}`
  for (const Authorization of [
    '',
    'a-token',
    'Bearer',
    'Bearer a-toke',
    'Bearer a-token2',
    'Basic a-token',
  ])
    expect([Authorization, await statusOf(url, { Authorization })]).toEqual([Authorization, 401])
  expect(await statusOf(url, { Authorization: 'bearer a-token' })).toBe(200)
  for (const Host of ['sendbox:4020', '192.0.2.1', 'sendbox.internal'])
    expect(await statusOf(url, { ...token, Host })).toBe(200)
  expect(await statusOf(url, { ...token, Host: 'evil.example' })).toBe(403)
  const refused = await ask(url, {}, '/__sendbox/accounts')
  expect([refused.headers['www-authenticate'], refused.body]).toEqual([
    'Bearer realm="sendbox"',
    {
      title: 'Unauthorized',
      details:
        'The control API requires the control token that the mock was started with, as "Authorization: Bearer <token>"',
    },
  ])
})

test('off loopback, is closed without a control token, and says how to open it', async ({
  skip,
}) => {
  skip(outward === undefined, 'this machine has no address but loopback')
  await using server = await startMockServer({ host: '0.0.0.0' })
  const { status, body } = await ask(`http://${outward}:${new URL(server.url).port}`)
  expect([status, body]).toEqual([
    403,
    {
      title: 'Forbidden',
      details:
        'The control API is open on a loopback address only: ask it at http://127.0.0.1, or start the mock with a control token (controlToken) and send it as "Authorization: Bearer <token>"',
    },
  ])
})

test('of a URL in place of a path the host counts, and not the Host header', async () => {
  await using server = await startMockServer()
  const { host } = new URL(server.url)
  const foreign = await ask(server.url, { Host: host }, 'http://evil.example/__sendbox/accounts')
  const own = await ask(server.url, { Host: 'evil.example' }, `${server.url}/__sendbox/accounts`)
  expect([foreign.status, own.status]).toEqual([403, 200])
})

test('a request with two Host headers is refused', async () => {
  await using server = await startMockServer()
  const { host, hostname, port } = new URL(server.url)
  const headers = ['Host', host, 'Host', 'evil.example']
  const sent = request({ hostname, port, path: '/__sendbox/health', headers }).end()
  const [response] = await once(sent, 'response')
  expect(response.statusCode).toBe(400)
  response.resume()
})
