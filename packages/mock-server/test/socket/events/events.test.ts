import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type MockServer, type MockServerOptions, startMockServer } from '../../../src/index.ts'
import { startWebhookReceiver } from '../../webhook-receiver.ts'

interface StreamedEvent {
  readonly id: string | undefined
  readonly kind: string
  readonly data: Record<string, unknown>
}

function parse(block: string): StreamedEvent {
  const fields = new Map(
    block.split('\n').map(line => {
      const [name = '', ...rest] = line.split(': ')
      return [name, rest.join(': ')]
    }),
  )
  const data = JSON.parse(fields.get('data') ?? '{}') as Record<string, unknown>
  return { id: fields.get('id'), kind: fields.get('event') ?? '', data }
}

/** A reader of a stream. */
async function read(url: string, lastEventId?: string) {
  const leaving = new AbortController()
  onTestFinished(() => leaving.abort())
  const headers = lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }
  const response = await fetch(url, { headers, signal: leaving.signal })
  const seen: StreamedEvent[] = []
  let isEnded = false
  const collect = async () => {
    let text = ''
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      seen.push(...blocks.filter(block => block !== ':').map(parse))
    }
    isEnded = true
  }
  collect().catch(() => {})
  /** Waits for an event with these fields. */
  const event = async (kind: string, fields: Record<string, unknown> = {}) => {
    const isWanted = (one: StreamedEvent): boolean =>
      one.kind === kind && Object.entries(fields).every(([name, value]) => one.data[name] === value)
    await expect.poll(() => seen.some(isWanted), { timeout: 5000 }).toBe(true)
    return seen.find(isWanted) as StreamedEvent
  }
  return { response, seen, event, leave: () => leaving.abort(), isEnded: () => isEnded }
}

async function start(options: MockServerOptions = {}) {
  const server = await startMockServer(options)
  onTestFinished(() => server.close())
  return { server, account: server.account(), control: `${server.url}/__sendbox` }
}

async function send(server: MockServer, accountId: string, conversationId: string, text: string) {
  const { appJwt, consumerJws } = await server.account(accountId).tokens('zoe')
  return fetch(`${server.url}/api/account/${accountId}/messaging/consumer/conversation/send?v=3`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: appJwt,
      'X-LP-ON-BEHALF': consumerJws,
    },
    body: JSON.stringify({
      kind: 'req',
      id: '1',
      type: 'ms.PublishEvent',
      body: {
        dialogId: conversationId,
        event: { type: 'ContentEvent', contentType: 'text/plain', message: text },
      },
    }),
  })
}

test('a stream says what happens: calls, steps, deliveries, faults, clock, settings, resets', async () => {
  const { server, account, control } = await start()
  await using receiver = await startWebhookReceiver()
  account.webhooks.register({
    'ms.MessagingEventNotification.ContentEvent': { endpoint: receiver.url },
  })
  const { accountId } = account
  const stream = await read(`${control}/accounts/${accountId}/events`)
  expect(stream.response.headers.get('content-type')).toBe('text/event-stream')
  const { conversationId } = await account.conversations.open('zoe')
  await send(server, accountId, conversationId, 'a text that is nobody else’s')
  await send(server, accountId, 'none', 'hi')
  await account.agent(conversationId).join()
  await account.agent(conversationId).say('hello')
  account.faults.add({ match: { operation: 'send' }, action: { status: 429 }, times: 1 })
  await send(server, accountId, conversationId, 'once more')
  account.clock.freeze()

  expect((await stream.event('call', { status: 200 })).data).toEqual({
    accountId,
    at: expect.any(Number),
    requestId: 1,
    operation: 'send',
    method: 'POST',
    path: `/api/account/${accountId}/messaging/consumer/conversation/send`,
    status: 200,
    consumer: 'zoe',
    conversationId,
    sequence: 0,
    evidence: expect.any(String),
    durationMs: expect.any(Number),
  })
  expect((await stream.event('call', { status: 404 })).data).toMatchObject({
    problem: expect.stringContaining('unknown id'),
    rule: expect.any(String),
  })
  expect((await stream.event('call', { status: 429 })).data).toMatchObject({ faultId: 'fault-1' })
  await stream.event('fault', { faultId: 'fault-1' })
  await stream.event('conversation', { conversationId, change: 'conversationChanged' })
  await stream.event('conversation', { conversationId, change: 'ContentEvent', sequence: 0 })
  await stream.event('delivery', { attempt: 0 })
  await stream.event('delivery', { attempt: 1, status: 200 })
  await stream.event('clock', { frozen: true })
  await fetch(`${control}/accounts/${accountId}/settings`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: '{"survey":true}',
  })
  await stream.event('settings', { accountId })
  await account.reset()
  await stream.event('reset', { accountId })

  const numbers = stream.seen.map(({ id }) => Number(/-(\d+)$/.exec(id ?? '')?.[1]))
  expect(numbers).toEqual(numbers.map((_, index) => index + 1))
  const runs = new Set(stream.seen.map(({ id }) => id?.replace(/-\d+$/, '')))
  expect(runs.size).toBe(1)
  const text = JSON.stringify(stream.seen)
  for (const secret of ['nobody else’s', 'eyJ', account.clientSecret])
    expect(text).not.toContain(secret)
})

test('an account’s stream has its own events only, that of the mock has all, with the misses', async () => {
  const { server, control } = await start()
  const all = await read(`${control}/events`)
  const one = await read(`${control}/accounts/1/events`)
  await fetch(`${server.url}/api/account/1/service/baseURI.json?version=1.0`)
  await fetch(`${server.url}/api/account/2/service/baseURI.json?version=1.0`)
  await fetch(`${server.url}/api/account/1/no/such?token=secret`)
  await fetch(`${server.url}/nowhere`)
  await all.event('call', { accountId: '1', operation: 'baseUris' })
  await all.event('call', { accountId: '2', operation: 'baseUris' })
  const miss = await all.event('call', { accountId: null, operation: null })
  expect(miss.data).toMatchObject({ operation: null, method: 'GET', status: 404 })
  await one.event('call', { operation: null, path: '/api/account/1/no/such' })
  expect(one.seen.map(({ data }) => data['accountId'])).toEqual(['1', '1'])
  await server.reset()
  await all.event('reset', { accountId: null })
  await one.event('reset', { accountId: '1' })
})

test('filters select, unknown ones are refused', async () => {
  const { server, account, control } = await start()
  const { accountId } = account
  const { conversationId } = await account.conversations.open('zoe')
  const other = await account.conversations.open('yan')
  const events = `${control}/accounts/${accountId}/events`
  const readers = await Promise.all(
    [
      'kind=call,fault',
      `conversationId=${conversationId}`,
      'consumer=yan',
      'status=404',
      'problems=true',
    ].map(query => read(`${events}?${query}`)),
  )
  await send(server, accountId, conversationId, 'hi')
  await send(server, accountId, 'none', 'hi')
  await account.agent(other.conversationId).join()
  account.clock.freeze()
  const kindsOf = await Promise.all(
    readers.map(async reader => {
      await reader.event('clock')
      return reader.seen.map(({ kind, data }) => [kind, data['status'] ?? data['change']])
    }),
  )
  const clock = ['clock', undefined]
  expect(kindsOf).toEqual([
    [['call', 200], ['call', 404], clock],
    [['conversation', 'ContentEvent'], ['call', 200], clock],
    [['conversation', 'conversationChanged'], clock],
    [['call', 404], clock],
    [['call', 404], clock],
  ])
  for (const [query, words] of [
    ['kind=cal', 'call, conversation, delivery'],
    ['user=zoe', 'no such field'],
    ['problems=yes', 'expected'],
  ]) {
    const refused = await fetch(`${events}?${query}`)
    expect([refused.status, await refused.text()]).toEqual([
      400,
      expect.stringContaining(words ?? ''),
    ])
  }
})

test('a reader that comes back misses nothing', async () => {
  const { account, control } = await start()
  const url = `${control}/accounts/${account.accountId}/events`
  const first = await read(url)
  account.clock.freeze()
  const { id } = await first.event('clock')
  first.leave()
  await account.clock.advance(1)
  await account.clock.advance(1)
  const second = await read(url, id)
  account.clock.resume()
  await second.event('clock', { frozen: false })
  expect(second.seen.map(({ kind }) => kind)).toEqual(['clock', 'clock', 'clock'])
  const third = await read(url, 'other-1')
  await third.event('clock', { frozen: false })
  expect(third.seen.map(({ kind }) => kind)).toEqual(['gap', 'clock', 'clock', 'clock', 'clock'])
})

test('closing the mock ends streams, also one that does not read', async () => {
  const server = await startMockServer()
  const stream = await read(`${server.url}/__sendbox/events`)
  const { hostname, port } = new URL(server.url)
  const silent = connect(Number(port), hostname).on('error', () => {})
  silent.write('GET /__sendbox/events HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await new Promise(resolve => silent.once('readable', resolve))
  const closed = new Promise(resolve => silent.resume().once('close', resolve))
  await server.close()
  await closed
  await expect.poll(stream.isEnded).toBe(true)
})
