import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { operations, toPath } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { createApp, startMockServer } from '../../../src/index.ts'
import { startConsumerSession, text } from '../consumer-session.ts'
import { rawCall, toRawPublish } from '../raw-call.ts'

type Headers = Readonly<Record<string, string>>

const guarded = [
  'send',
  'conversation',
  'appToken',
  'consumer',
  'agentLogin',
  'appInstalls',
  'replaceAppInstall',
  'deleteAppInstall',
] as const

const urlOf = (base: string, id: keyof typeof operations): string => {
  const { path, query } = operations[id]
  const target = toPath(path, {
    accountId: '1',
    serviceName: 'swift',
    fileName: 'a.png',
    installId: 'a',
  })
  return `${base}${target}?${new URLSearchParams(query).toString()}`
}

const statusFor = async (base: string, id: keyof typeof operations, headers: Headers) => {
  const { text: answer } = await rawCall({
    method: operations[id].method,
    url: urlOf(base, id),
    headers,
  })
  return Number(/^HTTP\/1.1 (\d+)/.exec(answer)?.[1])
}

const foreignPages: readonly Headers[] = [
  { Origin: 'http://evil.example', 'Sec-Fetch-Site': 'cross-site' },
  { Origin: 'http://evil.example' },
  { 'Sec-Fetch-Site': 'cross-site' },
  { 'Sec-Fetch-Site': 'unknown' },
  { Origin: 'null' },
  { Origin: 'http://evil.example', Host: 'evil.example', 'Sec-Fetch-Site': 'same-origin' },
  { Origin: 'http://evil.example', Host: 'evil.example' },
  { Origin: 'http://evil.example:1', Host: '127.0.0.1', 'X-Forwarded-Host': 'evil.example' },
]

test.each(foreignPages)(
  'a web page that sends %j is refused, and is a trace in the journal of the mock alone',
  async headers => {
    const lines: unknown[] = []
    const ignore = () => {}
    const log = {
      debug: (fields: object) => lines.push(fields),
      info: ignore,
      warn: ignore,
      error: ignore,
    }
    await using server = await startMockServer({ log })
    const account = server.account('1')
    account.faults.add({ match: {}, action: { status: 503 }, times: 1 })
    for (const id of guarded)
      expect([id, await statusFor(server.url, id, headers)]).toEqual([id, 403])
    expect(account.faults.list()[0]?.acted).toBe(0)
    account.requests.verify({ match: {}, count: 0 })
    expect(lines).toHaveLength(guarded.length)
    expect(lines[0]).toMatchObject({ status: 403, accountId: null, hint: expect.any(String) })
    const misses = await fetch(`${server.url}/__sendbox/requests`)
    const { requests } = (await misses.json()) as { requests: unknown[] }
    expect(requests).toHaveLength(guarded.length)
  },
)

const ownPages: readonly Headers[] = [
  {},
  { 'Sec-Fetch-Site': 'none' },
  { Origin: 'http://localhost' },
  { Origin: 'http://127.0.0.1:1', 'Sec-Fetch-Site': 'same-site' },
  { Origin: 'http://192.0.2.1:1', Host: '192.0.2.1', 'Sec-Fetch-Site': 'same-origin' },
  { Origin: 'https://va.msg.liveperson.net', Host: 'va.msg.liveperson.net' },
  { Origin: 'https://app.example', 'Sec-Fetch-Site': 'cross-site' },
  { Origin: 'http://mock.example', Host: 'Mock.example:1' },
]

test.each(ownPages)('a request with %j is answered', async headers => {
  await using server = await startMockServer({
    allowedOrigins: ['https://app.example'],
    allowedHosts: ['mock.example'],
  })
  for (const id of guarded)
    expect([400, 401, 415]).toContain(await statusFor(server.url, id, headers))
})

test('the Domain API and the storage stay open to web pages', async () => {
  await using server = await startMockServer()
  for (const headers of foreignPages)
    for (const [id, status] of [
      ['baseUris', 200],
      ['baseUri', 200],
      ['upload', 401],
      ['download', 401],
    ] as const)
      expect([id, await statusFor(server.url, id, headers)]).toEqual([id, status])
})

test('a text of a foreign page is not published, and the answer says what to do', async () => {
  await using session = await startConsumerSession()
  const publish = toRawPublish(session, text('evil'))
  const headers = { ...publish.headers, Origin: 'http://evil.example' }
  const answer = await rawCall({ ...publish, headers })
  expect(JSON.parse(answer.text.split('\r\n\r\n')[1] ?? '')).toEqual({
    title: 'Forbidden',
    details:
      'Web pages of another site may not call this service, which has no CORS in production either: name their origin in allowedOrigins (--allowed-origins)',
  })
  const [conversation] = await session.server.account().conversations.list()
  expect(conversation?.dialogs[0]?.nextSequence).toBe(0)
})

test('a mounted app refuses foreign pages and unsound heads alike', async () => {
  const server = createServer(createApp()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  expect(await statusFor(url, 'send', { Origin: 'http://evil.example' })).toBe(403)
  expect(await statusFor(url, 'send', { Host: 'evil@127.0.0.1' })).toBe(400)
  server.close()
})

test.each(['https://A.example', 'app.example', 'https://a.example/', 'null', ''])(
  'refuses the allowed origin %j at start',
  async origin => {
    await expect(startMockServer({ allowedOrigins: [origin] })).rejects.toThrow(
      'The allowedOrigins are not valid:\n  /0: expected an origin such as https://app.example',
    )
  },
)
