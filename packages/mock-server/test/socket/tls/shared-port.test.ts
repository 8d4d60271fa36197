import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { request as requestHttp } from 'node:http'
import { type RequestOptions, request } from 'node:https'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { type MockServer, type MockServerOptions, startMockServer } from '../../../src/index.ts'
import type { Logger } from '../../../src/logger.ts'
import { createOwnCertificate } from '../../certificates.ts'

/** A mock, the warnings in its log, and its port. */
async function start(options: MockServerOptions) {
  const lines: string[] = []
  const write = (_: object, message: string) => void lines.push(message)
  const log: Logger = { debug: () => {}, info: () => {}, warn: write, error: write }
  const server = await startMockServer({ log, ...options })
  return { server, lines, port: Number(new URL(server.url).port) }
}

/** With a CA of its own, for the tests that leave it as it is. */
const data = await mkdtemp(join(tmpdir(), 'sendbox-tls-'))
const shared = await start({ tls: true, data, allowedHosts: ['mock.internal'] })
afterAll(async () => {
  await shared.server.close()
  await rm(data, { recursive: true })
})

/** Status and body of a GET by https, on a socket of one's own if there is one. */
async function get({
  server,
  ...options
}: RequestOptions & { server: MockServer; socket?: Socket }) {
  const { port } = new URL(server.url)
  const { socket } = options
  const outgoing = (socket === undefined ? request : requestHttp)({
    host: '127.0.0.1',
    port,
    ca: server.ca,
    ...options,
    ...(socket ? { createConnection: () => socket } : { agent: false }),
  })
  const [response] = await once(outgoing.end(), 'response')
  return { status: response.statusCode as number, body: await text(response) }
}

const domainApi = '/api/account/1/service/sentinel/baseURI.json?version=1.0'

/** The head of the response to a CONNECT, and the socket. */
async function connectTo(port: number, target: string, below?: Socket) {
  const socket = below ?? connect(port, '127.0.0.1')
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`)
  const [chunk] = (await once(socket, 'data')) as [Buffer]
  return { socket, answer: chunk.toString() }
}

/** A TLS connection over a socket. */
async function shakeHands(
  server: MockServer,
  socket: Socket,
  servername: string,
): Promise<TLSSocket> {
  const secure = connectTls({ socket, servername, ca: server.ca, ALPNProtocols: ['http/1.1'] })
  await once(secure, 'secureConnect')
  return secure
}

test('one port answers http and https, by the names that the CA vouches for', async () => {
  const { server, port } = shared
  expect(server.httpsUrl).toBe(`https://127.0.0.1:${port}`)
  expect(await (await fetch(`${server.url}/__sendbox/health`)).json()).toEqual({ status: 'ok' })
  expect(await get({ server, path: '/__sendbox/health' })).toMatchObject({ status: 200 })
  expect(await get({ server, path: domainApi, servername: 'localhost' })).toMatchObject({
    status: 200,
  })
  for (const host of ['api.liveperson.net', 'va.msg.liveperson.net', 'x.lprnd.net']) {
    const answer = await get({ server, path: domainApi, servername: host, headers: { Host: host } })
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toMatchObject({ baseURI: host })
  }
})

test('a host that the CA may not vouch for gets the certificate of localhost, and one line says what to do', async () => {
  const { server, port, lines } = shared
  for (const _ of [1, 2]) {
    const secure = connectTls({
      host: '127.0.0.1',
      port,
      servername: 'Chat.example',
      rejectUnauthorized: false,
    })
    await once(secure, 'secureConnect')
    expect(secure.getPeerCertificate().subjectaltname).toContain('DNS:localhost')
    secure.destroy()
  }
  expect(lines.filter(line => line.includes('vouch'))).toEqual([
    'the CA may not vouch for this host: start with --tls-cert and --tls-key, or make another CA with --ca-name chat.example',
  ])
  await expect(get({ server, servername: 'chat.example' })).rejects.toThrow(
    "does not match certificate's altnames",
  )
})

test('only http/1.1 is spoken, whatever is offered', async () => {
  const { port } = shared
  const both = connectTls({
    host: '127.0.0.1',
    port,
    rejectUnauthorized: false,
    ALPNProtocols: ['h2', 'http/1.1'],
  })
  await once(both, 'secureConnect')
  expect(both.alpnProtocol).toBe('http/1.1')
  both.destroy()
  const newer = connectTls({
    host: '127.0.0.1',
    port,
    rejectUnauthorized: false,
    ALPNProtocols: ['h2'],
  })
  const [error] = await once(newer, 'error')
  expect(error).toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL' })
})

test('a CONNECT to a host of LivePerson ends at the mock, with TLS in it or without, and inside of TLS too', async () => {
  const { server, port } = shared
  const host = 'va.idp.liveperson.net'
  const call = { server, path: domainApi, headers: { Host: host } }
  const established = 'HTTP/1.1 200 Connection Established\r\n\r\n'

  const plain = await connectTo(port, `${host}:80`)
  expect(plain.answer).toBe(established)
  expect(await get({ ...call, socket: plain.socket })).toMatchObject({ status: 200 })

  const secure = await connectTo(port, `${host}:443`)
  const inner = await shakeHands(server, secure.socket, host)
  expect(await get({ ...call, socket: inner })).toMatchObject({ status: 200 })

  const proxy = connectTls({ host: '127.0.0.1', port, servername: 'localhost', ca: server.ca })
  await once(proxy, 'secureConnect')
  const nested = await connectTo(port, `${host}:443`, proxy)
  expect(nested.answer).toBe(established)
  const innermost = await shakeHands(server, nested.socket, host)
  expect(await get({ ...call, socket: innermost })).toMatchObject({ status: 200 })
})

test('a request right behind the CONNECT is served', async () => {
  const { port } = shared
  const socket = connect(port, '127.0.0.1')
  const target = 'api.liveperson.net'
  socket.write(
    `CONNECT ${target}:80 HTTP/1.1\r\nHost: ${target}\r\n\r\nGET ${domainApi} HTTP/1.1\r\nHost: ${target}\r\nConnection: close\r\n\r\n`,
  )
  expect(await text(socket)).toContain('"baseURI":"api.liveperson.net"')
})

test.each([
  ['example.com:443', 403],
  ['evil-liveperson.net:443', 403],
  ['127.0.0.1:22', 403],
  ['localhost:80', 403],
  ['[::1]:80', 403],
  ['169.254.169.254:80', 403],
  ['[::ffff:127.0.0.1]:80', 403],
  ['0.0.0.0:80', 403],
  ['api.liveperson.net', 400],
  ['user@api.liveperson.net:443', 400],
  ['api.liveperson.net:443/path', 400],
])('a CONNECT to %s is refused with %i and in words', async (target, status) => {
  const { port } = shared
  const { answer, socket } = await connectTo(port, target)
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toHaveProperty('details')
  if (!socket.closed) await once(socket, 'close')
})

test('a CONNECT leads to an allowed host too', async () => {
  const { port } = shared
  expect((await connectTo(port, 'mock.internal:80')).answer).toContain(' 200 ')
})

test('the control API cannot be reached through CONNECT, whatever the Host', async () => {
  const { server, port } = shared
  const { host } = new URL(server.url)
  for (const target of ['api.liveperson.net:80', 'api.liveperson.net:443'])
    for (const name of [host, 'localhost', '127.0.0.1', 'api.liveperson.net']) {
      const { socket } = await connectTo(port, target)
      const inner = target.endsWith('443')
        ? await shakeHands(server, socket, 'api.liveperson.net')
        : socket
      const answer = await get({
        server,
        path: '/__sendbox/accounts',
        headers: { Host: name },
        socket: inner,
      })
      expect([name, answer.status, answer.body]).toEqual([
        name,
        403,
        '{"title":"Forbidden","details":"The control API is not open through CONNECT: ask at http://127.0.0.1"}',
      ])
    }
  const { socket } = await connectTo(port, 'api.liveperson.net:80')
  const nested = await connectTo(port, 'api.liveperson.net:80', socket)
  expect(await get({ server, path: '/__sendbox/accounts', socket: nested.socket })).toMatchObject({
    status: 403,
  })
})

test('without tls a hello gets one line that says what to do, and CONNECT stays closed', async () => {
  const { server, port, lines } = await start({})
  onTestFinished(() => server.close())
  for (const _ of [1, 2]) {
    const secure = connectTls({ host: '127.0.0.1', port })
    const [error] = await once(secure, 'error')
    expect(error).toMatchObject({ code: 'ERR_SSL_WRONG_VERSION_NUMBER' })
  }
  expect(lines).toEqual([
    'a TLS handshake came to the plain port: use http://, or start the mock with --tls',
  ])
  const socket = connect(port, '127.0.0.1')
  socket.write('CONNECT api.liveperson.net:443 HTTP/1.1\r\nHost: api.liveperson.net\r\n\r\n')
  expect(await text(socket)).toBe('')
})

test('a client that says that it does not trust the CA gets one line in the log that says what to do', async ({
  skip,
}) => {
  const { server, lines } = shared
  const args = ['-sS', '--max-time', '5', `${server.httpsUrl}/__sendbox/health`]
  for (const _ of [1, 2]) {
    const child = spawn('curl', args, { stdio: 'ignore' })
    const [code] = await Promise.race([once(child, 'exit'), once(child, 'error')])
    skip(typeof code !== 'number' && process.env['CI'] === undefined, 'curl is not on this machine')
    expect(code).toBe(60)
  }
  await expect
    .poll(() => lines.filter(line => line.includes('trust')))
    .toEqual([
      'a TLS client does not trust the certificate of the mock: "sendbox ca" says how to trust its CA',
    ])
})

test('closing ends a connection that has sent nothing, and a call in flight is answered over TLS', async () => {
  const { server, port } = await start({ tls: await createOwnCertificate() })
  const silent = connect(port, '127.0.0.1')
  await once(silent, 'connect')
  const idle = connectTls({ host: '127.0.0.1', port, ca: server.ca })
  await once(idle, 'secureConnect')
  server.account('1').faults.add({ action: { delayMs: 100 } })
  const answer = get({ server, path: domainApi })
  while (server.account('1').faults.list()[0]?.acted === 0) await new Promise(setImmediate)
  const ends = [once(silent, 'close'), once(idle, 'close')]
  await server.close()
  expect(await answer).toMatchObject({ status: 200 })
  await Promise.all(ends)
})

test('a certificate of a CA in no file, or a key of another, is refused with a sentence', async () => {
  const nonsense = startMockServer({ tls: { cert: 'nonsense', key: 'nonsense' } })
  await expect(nonsense).rejects.toThrow(
    'The TLS certificate and its key must be PEM, and belong together',
  )
})
