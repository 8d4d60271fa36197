import { once } from 'node:events'
import { expect, test } from 'vitest'
import { exchange, openSocket } from './raw-socket.ts'
import { isWell, startSession, stateOf, toCodes, toText } from './session.ts'

const chunked = { 'Transfer-Encoding': 'chunked' }
const text = toText('x')
const inChunks = (body: string) => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`

/** Expected status and errorCode of each response; 0 where Node responded before the mock. */
test.each<[string, string, object, [number, number][]]>([
  ['a negative length', text, { 'Content-Length': -1 }, [[400, 0]]],
  ['a length in words', text, { 'Content-Length': 'ten' }, [[400, 0]]],
  ['a length with a plus', text, { 'Content-Length': `+${text.length}` }, [[400, 0]]],
  ['a length beyond all numbers', text, { 'Content-Length': '9'.repeat(40) }, [[400, 0]]],
  ['two lengths', text, { 'Content-Length': text.length, 'content-length': 1 }, [[400, 0]]],
  ['a length and chunks', inChunks(text), { 'Content-Length': 5, ...chunked }, [[400, 0]]],
  ['chunks', inChunks(text), chunked, [[200, 0]]],
  [
    'a chunk extension and a trailer',
    inChunks(text).replace('\r\n', ';a=b\r\n').replace('0\r\n', '0\r\nX-A: b\r\n'),
    chunked,
    [[200, 0]],
  ],
  ['a chunk size in words', 'zz\r\nx\r\n0\r\n\r\n', chunked, [[400, 0]]],
  ['a negative chunk size', '-1\r\nx\r\n0\r\n\r\n', chunked, [[400, 0]]],
  ['a chunk size beyond all numbers', `${'f'.repeat(20)}\r\nx\r\n0\r\n\r\n`, chunked, [[400, 0]]],
  ['a chunk that is longer than it says', '1\r\nxyz\r\n0\r\n\r\n', chunked, [[400, 0]]],
  ['chunks under another name', inChunks(text), { 'Transfer-Encoding': 'xchunked' }, [[501, 0]]],
  ['a header of 20,000 characters', text, { 'X-A': 'a'.repeat(20_000) }, [[431, 0]]],
  ['an expectation', text, { Expect: 'a miracle' }, [[417, 0]]],
  ['a line break in a header', text, { 'X-A': 'a\r\nX-B\u0000: b' }, [[400, 0]]],
])('a request with %s is answered and its connection ends', async (_, body, headers, answers) => {
  await using session = await startSession()
  const received = await session.send({ body, headers: { ...headers } })
  expect(toCodes(received)).toEqual(answers)
  expect(received.isClosed).toBe(true)
  expect(await stateOf(session)).toEqual(isWell)
})

test.each<[string, string | Uint8Array, number[]]>([
  ['TLS', Uint8Array.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3, 10, 13, 10]), [400]],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400]],
  ['a line without an end', 'A'.repeat(100_000), [400]],
  ['a method of its own', 'PWN / HTTP/1.1\r\nHost: a\r\n\r\n', [400]],
  ['no Host', 'GET / HTTP/1.1\r\n\r\n', [400]],
  ['two Hosts', 'GET / HTTP/1.1\r\nHost: a\r\nhOST: b\r\n\r\n', [400]],
  ['a Host with a user', 'GET / HTTP/1.1\r\nHost: evil@127.0.0.1\r\n\r\n', [400]],
  ['a Host with a path', 'GET / HTTP/1.1\r\nHost: 127.0.0.1/evil\r\n\r\n', [400]],
  ['a Host of two words', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n', [400]],
  ['an empty Host', 'GET / HTTP/1.1\r\nHost:\r\n\r\n', [400]],
  ['a URL with a user', 'GET http://a@127.0.0.1/ HTTP/1.1\r\nHost: a\r\n\r\n', [400]],
  ['a URL of another scheme', 'GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n', [400]],
  ['a URL with a bad port', 'GET http://a:b/ HTTP/1.1\r\nHost: a\r\n\r\n', [400]],
  [
    'gzip in a Transfer-Encoding',
    'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    [501],
  ],
  ['an authority', 'GET 127.0.0.1:80 HTTP/1.1\r\nHost: a\r\n\r\n', [400]],
  ['CONNECT', 'CONNECT other:443 HTTP/1.1\r\nHost: other\r\n\r\n', []],
  [
    '2,000 headers',
    `GET / HTTP/1.1\r\nHost: a\r\n${'X-AAAAAAAAAA: b\r\n'.repeat(2000)}\r\n`,
    [431],
  ],
])('a connection that speaks %s ends', async (_, bytes, statuses) => {
  await using session = await startSession()
  const { answers, isClosed } = await exchange(session.server.url, bytes)
  expect(answers.map(({ status }) => status)).toEqual(statuses)
  expect(isClosed).toBe(true)
  expect(await stateOf(session)).toEqual(isWell)
})

test('in absolute-form the host of the URL counts, and not the Host header', async () => {
  await using session = await startSession()
  const { host } = new URL(session.server.url)
  const statusOf = async (target: string, hostHeader: string) => {
    const head = `GET ${target} HTTP/1.1\r\nHost: ${hostHeader}\r\nConnection: close\r\n\r\n`
    const { answers } = await exchange(session.server.url, head)
    return answers.map(({ status, body }) => [status, JSON.parse(body).baseURI])
  }
  const health = '/__sendbox/health'
  expect(await statusOf(`http://evil.example${health}`, host)).toEqual([[403, undefined]])
  expect(await statusOf(`HTTP://${host}${health}`, 'evil.example')).toEqual([[200, undefined]])
  const service = '/api/account/1/service/swift/baseURI.json?version=1.0'
  expect(await statusOf(`https://first.example:1${service}`, host)).toEqual([
    [200, 'first.example:1'],
  ])
  for (const [target, status] of [
    ['http://a:99999999/sentinel/api/account/1/app/token', 405],
    ['http://1.2.3.4.5?client_secret=a', 404],
    ['//a:99999999/sentinel/api/account/1/app/token', 404],
    ['//[/nowhere', 404],
  ] as const)
    expect([target, await statusOf(target, host)]).toEqual([target, [[status, undefined]]])
  expect(await stateOf(session)).toEqual(isWell)
})

test('bytes after a body that was said to be shorter are no request of their own', async () => {
  await using session = await startSession()
  const smuggled = toText('smuggled')
  const received = await session.send({ body: `{}${smuggled}`, headers: { 'Content-Length': 2 } })
  expect(toCodes(received).every(([status]) => status === 400)).toBe(true)
  expect(received.isClosed).toBe(true)
  expect(await stateOf(session)).toEqual(isWell)
})

test('a body that ends before its length says so is not taken', async () => {
  await using session = await startSession()
  const bytes = session.toSend(text, { 'Content-Length': text.length + 10 })
  const received = await exchange(session.server.url, bytes, { halfClose: true })
  expect(toCodes(received).every(([status]) => status === 400)).toBe(true)
  expect(received.isClosed).toBe(true)
  expect(await session.server.account().conversations.list()).toMatchObject([
    { dialogs: [{ nextSequence: 0 }] },
  ])
  expect(await stateOf(session)).toEqual(isWell)
})

test('uploads that are broken off leave nothing behind', async () => {
  await using session = await startSession()
  for (let index = 0; index < 50; index += 1) {
    const socket = await openSocket(session.server.url)
    socket.write(session.toSend(text, { 'Content-Length': 500_000 }))
    socket.destroy()
    await once(socket, 'close')
  }
  expect(await session.server.account().conversations.list()).toMatchObject([
    { dialogs: [{ nextSequence: 0 }] },
  ])
  expect(await stateOf(session)).toEqual(isWell)
})

test('a connection is good for the next request after a body that was too large', async () => {
  await using session = await startSession()
  const bytes = [session.toSend('x'.repeat(2_000_000)), session.toSend(text)]
  const received = await exchange(session.server.url, bytes, { answers: 2 })
  expect(toCodes(received)).toEqual([
    [413, 41350],
    [200, 0],
  ])
})

test('200 requests in one write act, and are answered, in their order', async () => {
  await using session = await startSession()
  const ids = Array.from({ length: 200 }, (_, index) => String(index))
  const requests = ids.map(id => session.toSend(toText(id).replace('"id":"1"', `"id":"${id}"`)))
  const { answers } = await exchange(session.server.url, Buffer.concat(requests), { answers: 200 })
  const read = answers.map(({ body }) => JSON.parse(body))
  expect(read.map(({ reqId }) => reqId)).toEqual(ids)
  expect(read.map(({ body }) => Number(body.sequence))).toEqual(ids.map(Number))
})

test('a request in single bytes is read', async () => {
  await using session = await startSession()
  const bytes = [...session.toSend(text)].map(byte => Uint8Array.of(byte))
  expect(toCodes(await exchange(session.server.url, bytes, { answers: 1 }))).toEqual([[200, 0]])
})

test('a client that ends its half right away sees the other half end as well', async () => {
  await using session = await startSession()
  const received = await exchange(session.server.url, session.toSend(text), { halfClose: true })
  expect(received.isClosed).toBe(true)
  expect(await stateOf(session)).toEqual(isWell)
})

test('200 clients that never finish a request hinder no other', async () => {
  await using session = await startSession()
  const beginnings = ['POST / HT', session.toSend(text, { 'Content-Length': 1000 })]
  const sockets = await Promise.all(
    Array.from({ length: 200 }, async (_, index) => {
      const socket = await openSocket(session.server.url)
      socket.write(beginnings[index % 2] ?? '')
      return socket
    }),
  )
  expect(await stateOf(session)).toEqual(isWell)
  for (const socket of sockets) socket.destroy()
})
