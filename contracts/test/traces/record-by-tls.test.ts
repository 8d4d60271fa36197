import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { request as requestByTls } from 'node:https'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { type MockServer, startMockServer } from '@sendbox/mock-server'
import { Agent, MockAgent } from 'undici'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createPrivateCa } from '../../../packages/mock-server/test/certificates.ts'
import { createTemporaryFolder } from '../../../test/temporary-folder.ts'
import { type Recorder, startRecorder } from '../../src/record/recorder.ts'

const accountId = '12345678'
const grant =
  'v=1.0&grant_type=client_credentials&client_id=sendbox-client&client_secret=sendbox-secret'

interface HostCall {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
}

/** Calls the recorder as a connector does that asks LivePerson's hosts by https, and is led to it. */
async function callAt({ url }: Recorder, host: string, call: HostCall): Promise<unknown> {
  const { hostname, port } = new URL(url)
  const { method = 'POST', path, json } = call
  const headers = { Host: host, 'Content-Type': 'application/json', ...call.headers }
  const to = { hostname, port, method, path, headers, servername: host }
  const sent = requestByTls({ ...to, rejectUnauthorized: false })
  const [response] = (await once(
    sent.end(json === undefined ? undefined : JSON.stringify(json)),
    'response',
  )) as [IncomingMessage]
  return JSON.parse(await text(response))
}

/** Has the CA of the user in a folder of the test. */
async function useOwnFolder(): Promise<void> {
  const folder = await createTemporaryFolder()
  onTestFinished(() => folder[Symbol.asyncDispose]())
  vi.stubEnv('XDG_DATA_HOME', folder.path)
  onTestFinished(() => void vi.unstubAllEnvs())
}

/** Sends a text from the Domain API to SEND, each call at the host that the one before named. */
async function play(recorder: Recorder): Promise<unknown> {
  const api = `/api/account/${accountId}`
  const at = async (service: string, call: HostCall) => {
    const found = await callAt(recorder, 'api.liveperson.net', {
      method: 'GET',
      path: `${api}/service/${service}/baseURI.json?version=1.0`,
    })
    return callAt(recorder, (found as { baseURI: string }).baseURI, call)
  }
  const app = await at('sentinel', { path: `/sentinel${api}/app/token?${grant}` })
  const { access_token: Authorization } = app as { access_token: string }
  const consumer = await at('idp', {
    path: `${api}/consumer?v=1.0`,
    headers: { Authorization },
    json: { ext_consumer_id: 'zoe' },
  })
  const { token } = consumer as { token: string }
  return at('asyncMessagingEnt', {
    path: `${api}/messaging/consumer/conversation?v=3`,
    headers: { Authorization, 'X-LP-ON-BEHALF': token },
    json: [
      { id: '1', type: 'userprofile.SetUserProfile', body: {} },
      { id: '2', type: 'cm.ConsumerRequestConversation', body: { brandId: accountId } },
    ],
  })
}

const record = ({ url, httpsUrl, ca }: MockServer, tls: boolean): Promise<Recorder> =>
  startRecorder({
    target: httpsUrl ?? url,
    name: 'by-tls',
    tls,
    ...(ca !== undefined && { dispatcher: new Agent({ connect: { ca } }) }),
  })

test.each(['asked', 'production'] as const)(
  'records a connector with built-in https hosts against a mock whose hosts are %s',
  async hosts => {
    await useOwnFolder()
    await using server = await startMockServer({ settings: { domainApi: { hosts } } })
    await using recorder = await record(server, true)
    expect(await play(recorder)).toMatchObject([{ code: 'OK' }, { code: 'OK' }])
    expect(await server.account().conversations.list()).toHaveLength(1)
    const trace = await recorder.stop()
    expect(trace?.steps.map(({ title }) => title)).toEqual(['A batch of 2'])
    expect(JSON.stringify(trace)).not.toContain('sendbox-secret')
  },
)

test('each host of LivePerson is asked itself, where the target is one of them', async () => {
  await useOwnFolder()
  const dispatcher = new MockAgent()
  dispatcher.disableNetConnect()
  const path = `/api/account/${accountId}/service/baseURI.json?version=1.0`
  const idp = { service: 'idp', account: accountId, baseURI: 'lo.idp.liveperson.net' }
  for (const host of ['api.liveperson.net', 'lo.idp.liveperson.net'])
    dispatcher
      .get(`https://${host}`)
      .intercept({ path, headers: { host } })
      .reply(200, { baseURIs: [{ ...idp, asked: host }] })
  const target = 'https://api.liveperson.net'
  await using recorder = await startRecorder({ target, name: 'real', tls: true, dispatcher })
  for (const host of ['api.liveperson.net', 'lo.idp.liveperson.net'])
    expect(await callAt(recorder, host, { method: 'GET', path })).toEqual({
      baseURIs: [{ ...idp, asked: host }],
    })
})

test('forwards to a service by https, whose private CA the dispatcher trusts', async () => {
  await useOwnFolder()
  const { ca, cert, key } = await createPrivateCa()
  const tls = { cert: cert + ca, key }
  await using server = await startMockServer({ tls })
  await using recorder = await record(server, false)
  const { hostname, port } = new URL(recorder.url)
  const path = `/api/account/${accountId}/service/idp/baseURI.json?version=1.0`
  const sent = request({ hostname, port, path }).end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const { baseURI } = JSON.parse(await text(response)) as { baseURI: string }
  expect(baseURI).toMatch(/^127\.0\.0\.1:\d+$/)
  const consumer = request(`http://${baseURI}/api/account/${accountId}/consumer?v=1.0`, {
    method: 'POST',
  }).end()
  const [refused] = (await once(consumer, 'response')) as [IncomingMessage]
  expect(refused.statusCode).toBe(401)
  expect(server.account().requests.list({ operation: 'consumer' })).toHaveLength(1)
})

test('without tls a host of LivePerson is refused, and a hello ends the connection', async () => {
  await using server = await startMockServer()
  await using recorder = await record(server, false)
  const { hostname, port } = new URL(recorder.url)
  const sent = request({ hostname, port, headers: { Host: 'api.liveperson.net' } }).end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  expect(response.statusCode).toBe(403)
  await expect(callAt(recorder, 'api.liveperson.net', { path: '/' })).rejects.toMatchObject({
    code: expect.stringMatching(/^(?:ECONNRESET|EPROTO|ERR_SSL_WRONG_VERSION_NUMBER)$/),
  })
})

test('a recorder that speaks TLS ends with its tunnels open', async () => {
  await useOwnFolder()
  await using server = await startMockServer()
  await using recorder = await record(server, true)
  const { hostname, port } = new URL(recorder.url)
  const socket = connect(Number(port), hostname)
  socket.write('CONNECT api.liveperson.net:443 HTTP/1.1\r\nHost: api.liveperson.net\r\n\r\n')
  const [established] = (await once(socket, 'data')) as [Buffer]
  expect(established.toString()).toContain('200 Connection Established')
  const closed = once(socket, 'close')
  socket.on('error', () => {})
  await recorder.stop()
  await closed
})
