import { connect } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { operations, toPath } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { type JournalEntry, startMockServer } from '../../../src/index.ts'
import { JournalEntrySchema } from '../../../src/journal/entry.ts'
import { type ConsumerSession, call, startConsumerSession, text } from '../consumer-session.ts'

const requestsUrl = ({ server, accountId }: ConsumerSession, query = ''): string =>
  `${server.url}/__sendbox/accounts/${accountId}/requests${query}`

/** The ids of the requests that a query of the control API finds. */
const idsOf = async (session: ConsumerSession, query: string): Promise<number[]> => {
  const { requests } = (await call(requestsUrl(session, query))).json as {
    requests: JournalEntry[]
  }
  return requests.map(({ id }) => id)
}

test('keeps a request with its answer, what it is about, its rules and remarks', async () => {
  await using session = await startConsumerSession({ seed: 's', now: () => 1_700_000_000_000 })
  const { server, accountId, conversationId, headers } = session
  const body = {
    kind: 'req',
    id: 7,
    type: 'ms.PublishEvent',
    skillId: '1',
    body: { dialogId: conversationId, event: text('hi') },
  }
  const answer = await session.send(body, { ...headers, 'X-Own': 'mine' })
  const [entry] = server.account().requests.list()
  expect(entry).toEqual({
    id: 1,
    time: 1_700_000_000_000,
    operation: 'send',
    method: 'POST',
    path: toPath(operations.send.path, { accountId }),
    query: { v: '3' },
    headers: expect.objectContaining({
      authorization: '<redacted>',
      'x-lp-on-behalf': '<redacted>',
      'x-own': '<redacted>',
      'content-type': 'application/json',
    }),
    body,
    consumerId: expect.stringMatching(/^[0-9a-f]{64}$/),
    extConsumerId: 'consumer-1',
    conversationId,
    types: ['ms.PublishEvent'],
    events: ['ContentEvent'],
    reqId: '7',
    status: 200,
    answer: {
      headers: {
        'x-sendbox-rules': answer.headers.get('x-sendbox-rules'),
        'x-sendbox-evidence': answer.headers.get('x-sendbox-evidence'),
      },
      body: answer.json,
    },
    rules: answer.headers.get('x-sendbox-rules')?.split(', '),
    evidence: answer.headers.get('x-sendbox-evidence'),
    diagnostics: [expect.objectContaining({ path: '/skillId', rule: 'REQ-4' })],
    problems: [],
    durationMs: expect.any(Number),
  })
  expect((await call(requestsUrl(session))).json).toEqual({ requests: [entry], dropped: 0 })
  expect(JournalEntrySchema.parse(entry)).toEqual(entry)
})

test('keeps the headers of each call, also where they are nearly those of the call before', async () => {
  await using session = await startConsumerSession()
  const { server, headers, conversationId } = session
  const body = {
    id: 1,
    type: 'ms.PublishEvent',
    body: { dialogId: conversationId, event: text('hi') },
  }
  const own = [{ Range: 'one' }, { Range: 'one' }, { Range: 'two' }, { Ranga: 'two' }, {}]
  for (const more of own) await session.send(body, { ...headers, ...more })
  const { 'X-LP-ON-BEHALF': _, ...withoutConsumer } = headers
  await session.send(body, { ...withoutConsumer, 'X-LP-ON-BEHALX': 'nearly a token' })
  const kept = server
    .account()
    .requests.list()
    .map(entry => entry.headers)
  expect(kept.map(({ range: first, ranga: second }) => [first, second])).toEqual([
    ['one', undefined],
    ['one', undefined],
    ['two', undefined],
    [undefined, '<redacted>'],
    [undefined, undefined],
    [undefined, undefined],
  ])
  expect(kept.at(-1)).toMatchObject({ 'x-lp-on-behalx': '<redacted>', authorization: '<redacted>' })
})

test('keeps why a payload was refused, as far as its tokens were good', async () => {
  await using session = await startConsumerSession()
  await session.publish({ type: 'ContentEvent', contentType: 'text/plain' })
  await session.send({ type: 'ms.PublishEvent' }, { 'Content-Type': 'application/json' })
  const { requests } = session.server.account()
  expect(requests.list()).toMatchObject([
    {
      status: 400,
      extConsumerId: 'consumer-1',
      problems: [
        { path: '/body/event/message', received: 'nothing', rule: 'PUB-2', evidence: 'documented' },
      ],
      answer: { body: { body: { errorCode: 40052 } } },
    },
    { status: 401, types: ['ms.PublishEvent'], answer: { body: { body: { errorCode: 40105 } } } },
  ])
  expect(requests.list()[1]).not.toHaveProperty('consumerId')
})

test('names the rules of an answer that gave way to a 501', async () => {
  await using session = await startConsumerSession({ settings: { minEvidence: 'documented' } })
  const answer = await call(session.sendUrl.replace('v=3', 'v=4'), { method: 'POST' })
  const [entry] = session.server.account().requests.list()
  expect([entry?.status, entry?.rules.join(', ')]).toEqual([
    501,
    answer.headers.get('x-sendbox-rules'),
  ])
})

test('keeps bodies that are no JSON by their size, and as text where they should have been text', async () => {
  await using session = await startConsumerSession()
  const { server, headers, sendUrl } = session
  const upload = await session.send({
    id: '1',
    type: 'ms.GenerateURLForUploadFile',
    body: { fileSize: 3, fileType: 'PNG' },
  })
  const { relativePath, queryParams } = (upload.json as { body: FileUrl }).body
  const fileUrl = `${server.url}${relativePath}?${new URLSearchParams(queryParams).toString()}`
  await fetch(fileUrl, { method: 'PUT', body: new Uint8Array([1, 2, 3]) })
  await call(sendUrl, { method: 'POST', headers, body: '{"half' })
  await call(sendUrl, { method: 'POST', headers, body: `"${'x'.repeat(5000)}` })
  await call(sendUrl, { method: 'POST', headers })
  const [, put, malformed, long, empty] = server.account().requests.list()
  expect([put?.operation, put?.raw, malformed?.raw, malformed?.body]).toEqual([
    'upload',
    { bytes: 3 },
    { bytes: 6, text: '{"half' },
    undefined,
  ])
  expect(long?.raw).toEqual({ bytes: 5001, text: `"${'x'.repeat(4095)}` })
  expect(empty).not.toHaveProperty('raw')
})

interface FileUrl {
  readonly relativePath: string
  readonly queryParams: Record<string, string>
}

test('keeps the size of a download, and not the file', async () => {
  await using session = await startConsumerSession()
  const { server } = session
  const send = async (type: string, body: object): Promise<string> => {
    const { relativePath, queryParams } = (
      (await session.send({ id: '1', type, body })).json as { body: FileUrl }
    ).body
    file = relativePath
    return `${server.url}${relativePath}?${new URLSearchParams(queryParams).toString()}`
  }
  let file = ''
  const uploadUrl = await send('ms.GenerateURLForUploadFile', { fileSize: 3, fileType: 'PNG' })
  await fetch(uploadUrl, { method: 'PUT', body: 'abc' })
  await fetch(await send('ms.GenerateURLForDownloadFile', { relativePath: file }))
  expect(server.account().requests.list({ operation: 'download' })[0]).toMatchObject({
    status: 200,
    answer: { raw: { bytes: 3 } },
  })
})

test('keeps what no operation answers in the journal of the account that its path names [EP-8.2]', async () => {
  await using session = await startConsumerSession()
  const { server, sendUrl } = session
  await call(sendUrl.replace('/send?', '/sned?'), { method: 'POST', body: '{}' })
  await call(sendUrl, { method: 'GET' })
  await call(`${server.url}/api/account/12345678/messaging/nowhere?a=1`)
  await call(`${server.url}/le/api/account/12345678/skills?a=1&a=2`)
  await call(`${server.url}/api/account/12345678/service/%zz/baseURI.json`)
  await call(`${server.url}/v1/AUTH_async-images/12345678/a/b`)
  await call(`${server.url}/api/account/%zz/nowhere`)
  await call(`${server.url}/nowhere`)
  await call(`${server.url}/__sendbox/health`)
  await call(`${server.url}/api/account/other/nowhere`)
  const entries = server.account().requests.list()
  expect(entries.map(({ method, path, status }) => `${method} ${path} ${status}`)).toEqual([
    'POST /api/account/12345678/messaging/consumer/conversation/sned 404',
    `GET ${toPath(operations.send.path, { accountId: '12345678' })} 405`,
    'GET /api/account/12345678/messaging/<redacted> 404',
    'GET /le/api/account/12345678/skills 501',
    'GET /api/account/12345678/service/%zz/baseURI.json 404',
    'GET /v1/AUTH_async-images/12345678/a/b 404',
  ])
  expect(entries.every(entry => entry.operation === null)).toBe(true)
  expect([entries[3]?.query, entries[1]?.answer?.headers['Allow']]).toEqual([
    { a: ['1', '2'] },
    'POST',
  ])
  expect(server.account('other').requests.list()).toMatchObject([{ id: 1, status: 501 }])
})

test('keeps a failure of the mock itself', async () => {
  let isBroken = false
  await using server = await startMockServer({
    reportError: () => {
      isBroken = false
    },
    now: () => {
      if (isBroken) throw new Error('no clock')
      return 1
    },
  })
  const url = `${server.url}/api/account/12345678/service/baseURI.json?version=1.0`
  isBroken = true
  await call(url)
  expect(server.account().requests.list()).toMatchObject([{ id: 1, status: 500 }])
})

test('finds requests by each field and by several, and pages by id', async () => {
  await using session = await startConsumerSession()
  const { conversationId, server } = session
  await session.publish(text('one'))
  await session.publish({ type: 'ChatStateEvent', chatState: 'ACTIVE' })
  await session.close()
  await session.publish(text('late'))
  await call(`${server.url}/api/account/12345678/service/baseURI.json?version=1.0`)
  const [{ consumerId } = { consumerId: '' }] = server.account().requests.list()
  const found = await Promise.all(
    [
      '?operation=send',
      '?operation=baseUris',
      `?conversationId=${conversationId}`,
      '?conversationId=nowhere',
      '?consumer=consumer-1',
      `?consumer=${consumerId}`,
      '?type=cm.UpdateConversationField',
      '?event=ContentEvent',
      '?status=400',
      '?event=ContentEvent&status=200',
      '?after=3',
      '?after=1&limit=2',
      '?limit=2',
      '?event=ContentEvent&limit=1',
    ].map(query => idsOf(session, query)),
  )
  expect(found).toEqual([
    [1, 2, 3, 4],
    [5],
    [1, 2, 3, 4],
    [],
    [1, 2, 3, 4],
    [1, 2, 3, 4],
    [3],
    [1, 4],
    [4],
    [1],
    [4, 5],
    [2, 3],
    [4, 5],
    [4],
  ])
})

test('refuses a filter that it does not know, or a value that it cannot have', async () => {
  await using session = await startConsumerSession()
  const answers = await Promise.all(
    ['?conversation=1', '?status=ok', '?operation=sned', '?limit=0', '?event=a&event=b'].map(
      async query => (await call(requestsUrl(session, query))).json,
    ),
  )
  const messages = answers.map(
    answer => (answer as { problems: { message: string }[] }).problems[0]?.message,
  )
  expect(messages).toEqual([
    '/conversation: expected no such field, received "1" (did you mean "conversationId"?)',
    '/status: expected number, received "ok"',
    '/operation: expected send, conversation, baseUri, baseUris, appToken, consumer, upload, download, agentLogin, appInstalls, appInstall, replaceAppInstall, deleteAppInstall or null, received "sned" (did you mean "send"?)',
    '/limit: expected at least 1, received "0"',
    '/event: expected string, received ["a","b"]',
  ])
  const { requests } = session.server.account()
  expect(() => requests.list({ conversation: '1' } as never)).toThrow(
    new TypeError(
      'The query is not valid:\n  /conversation: expected no such field, received "1" (did you mean "conversationId"?)',
    ),
  )
})

test('keeps the newest requests and counts the others, until it is cleared', async () => {
  await using session = await startConsumerSession({ settings: { journal: { entries: 2 } } })
  const { requests } = session.server.account()
  for (const message of ['one', 'two', 'three']) await session.publish(text(message))
  expect((await call(requestsUrl(session))).json).toMatchObject({
    requests: [{ id: 2 }, { id: 3 }],
    dropped: 1,
  })
  expect(requests.dropped).toBe(1)
  expect((await call(requestsUrl(session), { method: 'DELETE' })).json).toEqual({ cleared: 2 })
  await session.publish(text('four'))
  expect((await call(requestsUrl(session))).json).toMatchObject({
    requests: [{ id: 4 }],
    dropped: 0,
  })
  requests.clear()
  expect(requests.list()).toEqual([])
  await session.server.reset()
  await session.publish(text('five'))
  expect(requests.list()).toMatchObject([{ id: 1 }])
})

test('keeps no request where the setting is 0', async () => {
  await using session = await startConsumerSession({ settings: { journal: { entries: 0 } } })
  await session.publish(text('one'))
  const { requests } = session.server.account()
  expect([requests.list(), requests.dropped]).toEqual([[], 1])
})

test('names the fault that acted, and how the call ended', async () => {
  await using session = await startConsumerSession()
  const { faults, requests } = session.server.account()
  const lost = faults.add({ match: {}, action: { loseAnswer: true }, times: 1 })
  await expect(session.publish(text('one'))).rejects.toThrow('fetch failed')
  const reset = faults.add({ match: {}, action: { reset: true }, times: 1 })
  await expect(session.publish(text('two'))).rejects.toThrow('fetch failed')
  const [first, second] = requests.list()
  expect([first?.fault, first?.status, first?.answer?.body]).toEqual([
    { faultId: lost.faultId, delivery: 'lost' },
    200,
    { reqId: '1', code: 'OK', body: { sequence: 0 } },
  ])
  expect([second?.fault, second?.status, second?.answer]).toEqual([
    { faultId: reset.faultId, delivery: 'reset' },
    undefined,
    undefined,
  ])
})

test('has the same bytes again for the same seed and calls, its durations aside', async () => {
  const record = async (): Promise<string> => {
    await using session = await startConsumerSession({ seed: 's', now: () => 1_700_000_000_000 })
    await session.publish(text('one'))
    await session.publish({ type: 'ContentEvent' })
    const entries = session.server.account().requests.list()
    return JSON.stringify(entries, (name, value: unknown) =>
      name === 'durationMs' || name === 'host' ? undefined : value,
    )
  }
  const first = await record()
  expect(await record()).toBe(first)
})

test('has a request by the time that its client has the answer', async () => {
  await using session = await startConsumerSession()
  const { port } = new URL(session.server.url)
  const { requests } = session.server.account()
  const socket = connect(Number(port), '127.0.0.1')
  let seen = -1
  socket.once('data', () => {
    seen = requests.list().length
  })
  socket.write('GET /api/account/12345678/service/baseURI.json?version=1.0 HTTP/1.1\r\n')
  socket.write('Host: a\r\nConnection: close\r\n\r\n')
  await readText(socket)
  expect(seen).toBe(1)
})
