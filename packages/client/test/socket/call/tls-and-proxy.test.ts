import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { alice, createTestClient, rejectionOf, textRequest } from '../create-test-client.ts'
import { startProxy } from '../start-proxy.ts'
import { startStubService } from '../start-stub-service.ts'

// Made once with openssl, good from 2020 to 2120 for 127.0.0.1 and nothing else.
const readPem = (name: string): string =>
  readFileSync(new URL(`tls/${name}.pem`, import.meta.url), 'utf8')

const ca = readPem('authority')
const tls = { key: readPem('server-key'), cert: readPem('server') }

test.each<[string, string | Buffer | string[]]>([
  ['a text', ca],
  ['bytes', Buffer.from(ca)],
  ['a list', [ca]],
])('a service whose authority is named as %s is called over https', async (_, authority) => {
  await using service = await startStubService({ tls })
  await using client = createTestClient(service, { ca: authority })

  const conversation = await client.consumer('alice').openConversation()

  expect(await conversation.sendText('Hello')).toEqual({ sequence: 0 })
  expect(await conversation.sendFile(Buffer.from('x'), { fileType: 'PNG' })).toMatchObject({
    sequence: 1,
  })
})

test('a service whose authority is unknown is not called, and the error says what to do', async () => {
  await using service = await startStubService({ tls })
  await using client = createTestClient(service)

  expect(await rejectionOf(client.send(textRequest, alice))).toMatchObject({
    code: 'CONNECTION_FAILED',
    isRetryable: false,
    outcomeUnknown: false,
    cause: { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
    // Later versions of Node say more in the brackets.
    message: expect.stringMatching(
      /^Looking up the domains failed: no whole answer to GET \/api\/account\/{accountId}\/service\/baseURI\.json \(unable to verify the first certificate[^()]*\)\. Nothing was sent: name the authority that signed its certificate in the option ca\.$/,
    ),
  })
  expect(service.requests).toHaveLength(0)
})

test.each([
  ['http', {}, {}],
  ['https', { tls }, { ca }],
])('calls over %s go through a proxy', async (_, stub, options) => {
  await using service = await startStubService(stub)
  await using proxy = await startProxy()
  const url = `http://me:hush@${proxy.host}`
  await using client = createTestClient(service, { ...options, proxy: url })

  expect(await client.send(textRequest, alice)).toHaveProperty('body.sequence', 0)

  expect(service.requests).toHaveLength(4)
  const authorization = `Basic ${Buffer.from('me:hush').toString('base64')}`
  expect(proxy.tunnels[0]).toEqual({ target: service.host, authorization })
  expect(service.connections).toBe(proxy.tunnels.length)
  await client.close()
  await expect.poll(() => service.connections).toBe(0)
})

test('a proxy that refuses is an error that does not show its password, and nothing was sent', async () => {
  await using service = await startStubService()
  await using proxy = await startProxy({ status: 502 })
  await using client = createTestClient(service, { proxy: `http://me:hush@${proxy.host}` })

  const error = await rejectionOf(client.send(textRequest, alice))

  expect(error).toMatchObject({
    code: 'CONNECTION_FAILED',
    isRetryable: true,
    outcomeUnknown: false,
    attempts: 4,
    message:
      'Looking up the domains failed: no whole answer to GET /api/account/{accountId}/service/baseURI.json (Proxy response (502) !== 200 when HTTP Tunneling). Nothing was sent: check domainApiUrl, then repeat the call.',
  })
  expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/hush|bWU6aHVzaA/)
})

test('a proxy that opens no tunnel is a connection that does not stand in time', async () => {
  await using service = await startStubService()
  await using proxy = await startProxy({ hangs: true })
  await using client = createTestClient(service, {
    proxy: `http://${proxy.host}`,
    connectTimeoutMs: 100,
    maxRetries: 0,
  })

  expect(await rejectionOf(client.send(textRequest, alice))).toMatchObject({
    code: 'TIMEOUT',
    phase: 'connect',
    outcomeUnknown: false,
    message:
      'Looking up the domains failed: no connection stood in time for GET /api/account/{accountId}/service/baseURI.json. Nothing was sent: repeat the call, or raise connectTimeoutMs.',
  })
})
