import { once } from 'node:events'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { request } from 'undici'
import { expect, test } from 'vitest'
import { type ConsumerSession, startConsumerSession, text } from '../consumer-session.ts'

const options = { seed: 'past the router', now: () => 1_700_000_000_000 }

type Send = (
  session: ConsumerSession,
  url: string,
) => Promise<{ status: number; headers: unknown; text: string }>

/** The date is that of the wall. */
async function post(url: string, headers: Record<string, string>, body: string | Buffer) {
  const answer = await request(url, { method: 'POST', headers, body })
  const { date: _, ...kept } = answer.headers
  return { status: answer.statusCode, headers: kept, text: await answer.body.text() }
}

const publish = ({ conversationId }: ConsumerSession, more: object = {}): string =>
  JSON.stringify({
    kind: 'req',
    id: '1',
    type: 'ms.PublishEvent',
    body: { dialogId: conversationId, event: text('hello') },
    ...more,
  })

const cases: readonly [string, number, Send][] = [
  ['a text', 200, (session, url) => post(url, session.headers, publish(session))],
  [
    'a text with a field of no schema',
    200,
    (session, url) => post(url, session.headers, publish(session, { idd: 1 })),
  ],
  [
    'a text in another character encoding',
    400,
    (session, url) =>
      post(url, session.headers, Buffer.from(publish(session, { id: 'é' }), 'latin1')),
  ],
  [
    'a text that is compressed',
    200,
    (session, url) =>
      post(url, { ...session.headers, 'Content-Encoding': 'gzip' }, gzipSync(publish(session))),
  ],
  [
    'a text that is compressed in an unknown way',
    415,
    (session, url) =>
      post(url, { ...session.headers, 'Content-Encoding': 'none' }, publish(session)),
  ],
  [
    'a text of another media type',
    415,
    (session, url) =>
      post(url, { ...session.headers, 'Content-Type': 'text/plain' }, publish(session)),
  ],
  [
    'a text with a parameter of its media type',
    200,
    (session, url) =>
      post(
        url,
        { ...session.headers, 'Content-Type': 'application/json; charset=utf-8' },
        publish(session),
      ),
  ],
  ['no body', 400, (session, url) => post(url, session.headers, '')],
  ['what is no JSON', 400, (session, url) => post(url, session.headers, '{"a":')],
  [
    'a body beyond 1 MiB',
    413,
    (session, url) => post(url, session.headers, publish(session, { x: 'x'.repeat(1_048_576) })),
  ],
  [
    'no tokens',
    401,
    (session, url) => post(url, { 'Content-Type': 'application/json' }, publish(session)),
  ],
  [
    'another conversation',
    404,
    (session, url) => post(url, session.headers, publish({ ...session, conversationId: 'none' })),
  ],
]

async function outcomeOf(send: Send, toUrl: (sendUrl: string) => string) {
  await using session = await startConsumerSession(options)
  const answer = await send(session, toUrl(session.sendUrl))
  const entries = session.server.account().requests.list()
  const sameEverywhere = { path: '', headers: {}, durationMs: 0 }
  const journal = entries.map(entry => ({ ...entry, ...sameEverywhere }))
  return { answer, journal }
}

test.each(cases)('answers %s with %i, past the routes as by them', async (_, status, send) => {
  const byRoutes = await outcomeOf(send, url => url.replace('/12345678/', '/1234567%38/'))
  const pastRoutes = await outcomeOf(send, url => url)
  expect(pastRoutes).toEqual(byRoutes)
  expect([pastRoutes.answer.status, pastRoutes.journal.length]).toEqual([status, 1])
})

test('answers 500 to a failure past the routes, and goes on', async () => {
  const errors: string[] = []
  const now = () => {
    if (errors.length > 0 || !isBroken) return 1_700_000_000_000
    throw new Error('no clock')
  }
  let isBroken = false
  await using session = await startConsumerSession({
    now,
    reportError: ({ message }) => errors.push(message),
  })
  isBroken = true
  const failed = await session.publish(text('one'))
  expect([failed.status, errors]).toEqual([500, ['no clock']])
  const after = await session.publish(text('two'))
  expect(after.json).toEqual({ reqId: '1', code: 'OK', body: { sequence: 0 } })
})

test('notes a body that breaks off', async () => {
  await using session = await startConsumerSession()
  const { hostname, port, pathname, search } = new URL(session.sendUrl)
  const socket = connect(Number(port), hostname)
  const fields = Object.entries({ ...session.headers, Host: hostname, 'Content-Length': '10' })
  const head = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.write(`POST ${pathname}${search} HTTP/1.1\r\n${head}\r\n{"a"`)
  await once(socket, 'connect')
  const seen = session.server.account().requests.waitFor({ match: { operation: 'send' } })
  socket.end()
  const [entry] = await seen
  expect(entry?.status).toBe(400)
})
