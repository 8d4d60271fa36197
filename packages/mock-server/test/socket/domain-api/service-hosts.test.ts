import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { request as requestByTls } from 'node:https'
import { json } from 'node:stream/consumers'
import { type Operation, type OperationId, operations, serviceNames, toPath } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { type MockServer, startMockServer } from '../../../src/index.ts'
import { isServiceHost, serviceHosts } from '../../../src/service-domains.ts'
import { createOwnCertificate } from '../../certificates.ts'

const accountId = '12345678'
const settings = { domainApi: { hosts: 'production' } } as const

const start = () => startMockServer({ settings })

interface HostCall {
  readonly host: string
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

interface HostAnswer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: unknown
}

/** Calls the mock under a host name, which leads to it without DNS; by https if it speaks TLS. */
async function callAt({ url, ca }: MockServer, call: HostCall): Promise<HostAnswer> {
  const { host, method = 'GET', path, body } = call
  const { hostname, port } = new URL(url)
  const to = { hostname, port, method, path, headers: { Host: host, ...call.headers } }
  const tls = { ...to, ca, servername: host, checkServerIdentity: () => undefined }
  const sent = ca ? requestByTls(tls) : request(to)
  const [response] = (await once(sent.end(body), 'response')) as [IncomingMessage]
  const { statusCode: status = 0, headers } = response
  return { status, headers, body: await json(response).catch(() => undefined) }
}

const codeOf = ({ body }: HostAnswer): number | undefined =>
  (body as { body?: { errorCode?: number } } | undefined)?.body?.errorCode

const lookUp = async (server: MockServer, host: string): Promise<Map<string, string>> => {
  const path = `/api/account/${accountId}/service/baseURI.json?version=1.0`
  const { body } = await callAt(server, { host, path })
  const { baseURIs } = body as { baseURIs: { service: string; baseURI: string }[] }
  return new Map(baseURIs.map(({ service, baseURI }) => [service, baseURI]))
}

test('names a host of its own for each service, without a port, wherever it is asked [EP-8.5]', async () => {
  await using server = await start()
  const found = await lookUp(server, new URL(server.url).host)
  expect([...found.keys()]).toEqual([...serviceNames])
  const hosts = [...found.values()]
  expect(new Set(hosts).size).toBe(serviceNames.length)
  for (const host of hosts) {
    expect(host).toMatch(/^va\.[a-z-]+\.liveperson\.net$/)
    expect(isServiceHost(host)).toBe(true)
  }
  expect(await lookUp(server, 'api.liveperson.net')).toEqual(found)
  expect(await lookUp(server, 'ADMINLOGIN.liveperson.net.:443')).toEqual(found)
})

test('the hosts of a login are those of the Domain API [EP-18.1]', async () => {
  await using server = await start()
  const answer = await callAt(server, {
    host: serviceHosts.agentVep,
    method: 'POST',
    path: `/api/account/${accountId}/login?v=1.3`,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username: 'a', password: 'b' }),
  })
  expect(answer.body).toMatchObject({
    csdsCollectionResponse: {
      baseURIs: expect.arrayContaining([
        { service: 'idp', account: accountId, baseURI: serviceHosts.idp },
      ]),
    },
  })
})

const ids = Object.keys(operations) as OperationId[]

const imitated = new Set<string>(
  Object.values<Operation>(operations).flatMap(({ service }) => service ?? []),
)

test.each(ids)('%s is served by the host of its service alone [EP-8.5, EP-8.6]', async id => {
  await using server = await start()
  const operation: Operation = operations[id]
  const params = { accountId, serviceName: 'idp', fileName: 'a.JPG', installId: '1' }
  const query = new URLSearchParams(operation.query).toString()
  const path = `${toPath(operation.path, params)}?${query}`
  const ask = async (host: string) => {
    const code = codeOf(await callAt(server, { host, method: operation.method, path }))
    return code === 40452 || code === 50151 ? code : 'served'
  }
  const own = operation.service ?? 'the Domain API'
  const hosts = [...Object.entries(serviceHosts), ['the Domain API', 'api.liveperson.net']] as const
  for (const [service, host] of hosts) {
    const isImitated = imitated.has(service) || service === 'the Domain API'
    const expected = service === own ? 'served' : isImitated ? 40452 : 50151
    expect([host, await ask(host)]).toEqual([host, expected])
  }
  for (const host of [new URL(server.url).host, 'localhost', 'lo.msg.liveperson.net'])
    expect([host, await ask(host)]).toEqual([host, 'served'])
})

test.each(['GET', 'POST', 'OPTIONS', 'DELETE'])(
  '%s of any path is 501 where the service of the host is not imitated, with the reason [EP-8.2, EP-8.5]',
  async method => {
    await using server = await start()
    for (const path of ['/', '/api/account/1/x', '/some/where?a=1']) {
      const answer = await callAt(server, { host: 'va.faasgw.liveperson.net', method, path })
      expect([path, answer.status, codeOf(answer)]).toEqual([path, 501, 50151])
      expect(answer.headers['x-sendbox-hint']).toBe(
        'The host: expected that of the Domain API, or of asyncMessagingEnt, sentinel, idp, swift, agentVep or accountConfigReadWrite, received that of faasGW, a service that Sendbox does not imitate (setting domainApi.hosts)',
      )
    }
  },
)

test('a call at the host of another service is in the journal, with its hint, and does nothing [EP-8.6]', async () => {
  await using server = await start()
  const account = server.account()
  const { appJwt, consumerJws } = await account.tokens('zoe')
  const { conversationId } = await account.conversations.open('zoe')
  const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'Hello' }
  const sent = {
    method: 'POST',
    path: `${toPath(operations.send.path, { accountId })}?v=3`,
    headers: {
      Authorization: appJwt,
      'X-LP-ON-BEHALF': consumerJws,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({
      id: '1',
      type: 'ms.PublishEvent',
      body: { dialogId: conversationId, event },
    }),
  }
  const refused = await callAt(server, { ...sent, host: `${serviceHosts.sentinel}.` })
  expect([refused.status, codeOf(refused), refused.headers['x-sendbox-evidence']]).toEqual([
    404,
    40452,
    'assumed',
  ])
  const [entry] = account.requests.list({ status: 404 })
  expect(entry?.problems[0]?.message).toBe(
    'The host: expected va.msg.liveperson.net, that of asyncMessagingEnt, received that of sentinel (each service has a host of its own: ask the Domain API; setting domainApi.hosts)',
  )
  const view = await account.conversations.get(conversationId)
  expect(view?.dialogs[0]?.transcript).toEqual([])
  expect((await callAt(server, { ...sent, host: serviceHosts.asyncMessagingEnt })).status).toBe(200)
})

test('a connector finds its way by https from the Domain API to the storage [EP-8.5, EP-15]', async () => {
  await using server = await startMockServer({ settings, tls: await createOwnCertificate() })
  const hosts = await lookUp(server, 'api.liveperson.net')
  const at = (service: string, call: Omit<HostCall, 'host'>) =>
    callAt(server, { host: hosts.get(service) ?? '', method: 'POST', ...call })
  const asJson = { 'Content-Type': 'application/json' }
  const api = `/api/account/${accountId}`
  const grant =
    'v=1.0&grant_type=client_credentials&client_id=sendbox-client&client_secret=sendbox-secret'
  const app = await at('sentinel', { path: `/sentinel${api}/app/token?${grant}` })
  const { access_token: Authorization } = app.body as { access_token: string }
  const consumer = await at('idp', {
    path: `${api}/consumer?v=1.0`,
    headers: { ...asJson, Authorization },
    body: JSON.stringify({ ext_consumer_id: 'zoe' }),
  })
  const { token } = consumer.body as { token: string }
  const signed = await at('asyncMessagingEnt', {
    path: `${api}/messaging/consumer/conversation/send?v=3`,
    headers: { ...asJson, Authorization, 'X-LP-ON-BEHALF': token },
    body: JSON.stringify({
      id: '1',
      type: 'ms.GenerateURLForUploadFile',
      body: { fileSize: '3', fileType: 'JPG' },
    }),
  })
  const { body: url } = signed.body as {
    body: { relativePath: string; queryParams: Record<string, string> }
  }
  const path = `${url.relativePath}?${new URLSearchParams(url.queryParams).toString()}`
  const upload = { method: 'PUT', path, body: Uint8Array.of(1, 2, 3) }
  expect((await at('asyncMessagingEnt', upload)).status).toBe(404)
  expect((await at('swift', upload)).status).toBe(201)
})
