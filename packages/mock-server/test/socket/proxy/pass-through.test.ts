import { lookup } from 'node:dns'
import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { startMockServer } from '../../../src/index.ts'
import { createPassThrough } from '../../../src/proxy/pass-through.ts'
import { createOwnCertificate } from '../../certificates.ts'

const ownCertificate = await createOwnCertificate()

/** Another service, or another proxy. */
async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function echo(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url, headers } = incoming
  response.setHeader('Connection', 'close, X-Hop').setHeader('X-Hop', '1')
  response.statusCode = 201
  response.end(JSON.stringify({ method, url, headers, body: await text(incoming) }))
}

/** A service that answers with what it was asked. */
const startEcho = (): Promise<string> =>
  listen(createServer((incoming, response) => void echo(incoming, response)))

/** A proxy that leads every target to one service, and the heads that it was asked with. */
async function startUpstream(service: string, status = 200) {
  const asked: Pick<IncomingMessage, 'method' | 'url' | 'headers'>[] = []
  const [host, port] = service.split(':') as [string, string]
  const server = createServer((incoming, response) => {
    const { method, url, headers } = incoming
    asked.push({ method, url, headers })
    const { pathname } = new URL(url ?? '')
    const outgoing = request({ host, port, method, headers, path: pathname })
    outgoing.on('response', answer => answer.pipe(response.writeHead(answer.statusCode ?? 0)))
    incoming.pipe(outgoing)
  })
  server.on('connect', ({ method, url, headers }: IncomingMessage, socket: Socket) => {
    asked.push({ method, url, headers })
    socket.write(`HTTP/1.1 ${status} Status\r\n\r\n`)
    if (status !== 200) return void socket.end()
    const other = connect(Number(port), host)
    socket.pipe(other).pipe(socket)
    for (const each of [socket, other]) each.on('error', () => {})
  })
  return { url: await listen(server), asked }
}

async function startMock() {
  const server = await startMockServer({ tls: ownCertificate, passThrough: true })
  onTestFinished(() => server.close())
  return { server, port: Number(new URL(server.url).port) }
}

/** The answer to a head, on a connection that is then closed. */
async function ask(port: number, lines: readonly string[], body = '') {
  const socket = connect(port, '127.0.0.1')
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`)
  const answer = await text(socket)
  const [head = '', ...rest] = answer.split('\r\n\r\n')
  return { status: Number(head.split(' ')[1]), head, body: rest.join('\r\n\r\n') }
}

const close = 'Connection: close'

beforeEach(() => {
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'])
    for (const each of [name, name.toLowerCase()]) vi.stubEnv(each, '')
})
afterEach(() => {
  vi.unstubAllEnvs()
})

test('a CONNECT to another host goes by the proxy that was set before, with its user', async () => {
  const upstream = await startUpstream(await startEcho())
  vi.stubEnv('HTTPS_PROXY', `http://ann:p%40ss@${upstream.url}`)
  const { port } = await startMock()
  const { head, body } = await ask(
    port,
    ['CONNECT other.invalid:443 HTTP/1.1', 'Host: other.invalid:443'],
    `GET /path HTTP/1.1\r\nHost: other.invalid\r\n${close}\r\n\r\n`,
  )
  expect(head).toBe('HTTP/1.1 200 Connection Established')
  expect(body).toContain('"url":"/path"')
  expect(upstream.asked).toMatchObject([
    {
      method: 'CONNECT',
      url: 'other.invalid:443',
      headers: {
        host: 'other.invalid:443',
        'proxy-authorization': `Basic ${Buffer.from('ann:p@ss').toString('base64')}`,
      },
    },
  ])
})

test('a request for a URL of another host goes by the proxy that was set before, less the headers of its connection', async () => {
  const upstream = await startUpstream(await startEcho())
  vi.stubEnv('http_proxy', `http://ann:word@${upstream.url}`)
  const { port } = await startMock()
  const { status, head, body } = await ask(
    port,
    [
      'POST http://other.invalid/some/path HTTP/1.1',
      'Host: other.invalid',
      'Connection: close, X-Mine',
      'X-Mine: 1',
      'X-Kept: 2',
      'Proxy-Authorization: Basic bXk6b3du',
      'Content-Length: 5',
    ],
    'hello',
  )
  expect(status).toBe(201)
  expect(head).not.toContain('X-Hop')
  const echoed = JSON.parse(body.replace(/^\w+\r\n|\r\n0\r\n\r\n$/g, ''))
  expect(echoed).toMatchObject({ method: 'POST', url: '/some/path', body: 'hello' })
  expect(echoed.headers).not.toHaveProperty('x-mine')
  expect(echoed.headers).toMatchObject({ 'x-kept': '2', host: 'other.invalid' })
  expect(upstream.asked[0]).toMatchObject({
    url: 'http://other.invalid/some/path',
    headers: { 'proxy-authorization': `Basic ${Buffer.from('ann:word').toString('base64')}` },
  })
})

test('what a proxy refuses is 502, with its words; a proxy that is the mock itself is not asked', async () => {
  const upstream = await startUpstream('127.0.0.1:1', 407)
  vi.stubEnv('HTTPS_PROXY', `http://${upstream.url}`)
  const { port } = await startMock()
  const connectLine = ['CONNECT other.invalid:443 HTTP/1.1', 'Host: other.invalid:443']
  const refused = await ask(port, connectLine)
  expect([refused.status, JSON.parse(refused.body)]).toEqual([
    502,
    {
      title: 'Bad Gateway',
      details: `The proxy ${upstream.url} answered CONNECT with 407`,
    },
  ])
  vi.stubEnv('HTTPS_PROXY', `http://localhost:${port}`)
  vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${port}`)
  expect(await ask(port, connectLine)).toMatchObject({
    status: 502,
    body: expect.stringMatching(/getaddrinfo/),
  })
  const forwarded = ['GET http://other.invalid/ HTTP/1.1', 'Host: other.invalid', close]
  expect(await ask(port, forwarded)).toMatchObject({
    status: 502,
    body: expect.stringMatching(/getaddrinfo/),
  })
  vi.stubEnv('HTTPS_PROXY', 'socks5://127.0.0.1:1080')
  expect(await ask(port, connectLine)).toMatchObject({
    status: 502,
    body: expect.stringMatching(/is no http URL/),
  })
})

test.each([
  'localhost:80',
  '127.0.0.1:22',
  '127.1:80',
  '[::1]:80',
  '[::ffff:127.0.0.1]:80',
  '0.0.0.0:80',
  '169.254.169.254:80',
])('a CONNECT to %s stays refused, whatever the proxy before', async target => {
  const upstream = await startUpstream(await startEcho())
  for (const proxy of ['', `http://${upstream.url}`]) {
    vi.stubEnv('ALL_PROXY', proxy)
    const { port } = await startMock()
    const answer = await ask(port, [`CONNECT ${target} HTTP/1.1`, `Host: ${target}`])
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      403,
      { title: 'Forbidden', details: expect.stringContaining('name it in NO_PROXY') },
    ])
  }
  expect(upstream.asked).toEqual([])
})

test('the control API cannot be reached through CONNECT, under none of the names of the mock', async () => {
  const { port } = await startMock()
  for (const name of ['127.0.0.1', 'localhost', '127.1', '[::1]', '0', '2130706433']) {
    const target = `${name}:${port}`
    const inner = `GET /__sendbox/accounts HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${close}\r\n\r\n`
    const lines = [`CONNECT ${target} HTTP/1.1`, `Host: ${target}`]
    expect([name, (await ask(port, lines, inner)).status]).toEqual([name, 403])
  }
})

test("requests for LivePerson's hosts and for the mock itself are served, not passed on", async () => {
  const upstream = await startUpstream(await startEcho())
  vi.stubEnv('ALL_PROXY', `http://${upstream.url}`)
  const { port } = await startMock()
  const domainApi = '/api/account/1/service/baseURI.json?version=1.0'
  for (const host of ['api.liveperson.net', 'localhost:1', `127.0.0.1:${port}`]) {
    const lines = [`GET http://${host}${domainApi} HTTP/1.1`, `Host: ${host}`, close]
    expect([host, (await ask(port, lines)).status]).toEqual([host, 200])
  }
  expect(upstream.asked).toEqual([])
})

test('without a proxy before, the mock connects to the other host itself', async () => {
  const service = await startEcho()
  const passThrough = createPassThrough({
    host: '127.0.0.1',
    toPort: () => 0,
    isOwnHost: () => false,
    targets: {
      isClosed: () => false,
      lookup: (_name, options, done) => lookup('127.0.0.1', options, done),
    },
  })
  const port = Number(service.split(':')[1])
  const client = connect(port, '127.0.0.1')
  await once(client, 'connect')
  const socket = await passThrough.connect({ host: 'other.invalid', port }, client)
  socket.write(`GET /direct HTTP/1.1\r\nHost: other.invalid\r\n${close}\r\n\r\n`)
  expect(await text(socket)).toContain('"url":"/direct"')

  const closed = { host: 'other.invalid', port: 1 }
  await expect(passThrough.connect(closed, client)).rejects.toThrow('ECONNREFUSED')
  client.destroy()
})

test('nothing is passed on for a program of another machine', async () => {
  const passThrough = createPassThrough({
    host: '0.0.0.0',
    toPort: () => 0,
    isOwnHost: () => false,
  })
  const client = { remoteAddress: '192.0.2.7' } as Socket
  await expect(passThrough.connect({ host: 'other.invalid', port: 443 }, client)).rejects.toThrow(
    'The mock passes on for programs of its own machine only',
  )
})

test('passThrough without tls is refused', async () => {
  await expect(startMockServer({ passThrough: true })).rejects.toThrow(
    'passThrough requires tls: programs ask a proxy by CONNECT',
  )
})
