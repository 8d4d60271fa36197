import { operations, toPath } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { startMockServer } from '../../../src/index.ts'
import { call, startConsumerSession, text } from '../consumer-session.ts'

const setClock = (url: string, accountId: string, body: unknown) =>
  call(`${url}/__sendbox/accounts/${accountId}/clock`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })

test('refuses to set a clock beyond the last time that has a date', async () => {
  await using session = await startConsumerSession()
  const { server, accountId } = session
  const refused = await setClock(server.url, accountId, { advanceMs: 8.64e15 })
  expect([refused.status, refused.json]).toEqual([
    400,
    {
      title: 'Bad Request',
      details: 'A clock goes to 8640000000000000 ms at most; advance it by less',
    },
  ])
})

test('refuses to advance a clock by a part of a ms, which no timestamp has', async () => {
  await using session = await startConsumerSession()
  const refused = await setClock(session.server.url, session.accountId, { advanceMs: 0.5 })
  expect(refused).toMatchObject({ status: 400, json: { problems: [{ path: '/advanceMs' }] } })
})

test('lets an AppJWT expire by advancing the clock of its account, and of no other', async () => {
  await using session = await startConsumerSession({ now: () => 1_000_000 })
  const { server, accountId } = session
  const moved = await setClock(server.url, accountId, { freeze: true, advanceMs: 3_599_999 })
  expect(moved.json).toMatchObject({ now: 4_599_999, frozen: true })
  expect((await session.publish(text('still good'))).status).toBe(200)
  await server.account().clock.advance(1)
  expect((await session.publish(text('too late'))).status).toBe(401)
  const resumed = await setClock(server.url, accountId, { resume: true })
  expect(resumed.json).toMatchObject({ now: 4_600_000, frozen: false })
  expect(server.account('other').clock.now()).toBe(1_000_000)
})

test('refuses a change of the clock that is none', async () => {
  await using server = await startMockServer()
  for (const body of [{ advanceMs: -1 }, { freeze: false }, { back: 1 }]) {
    const answer = await setClock(server.url, '1', body)
    expect([answer.status, answer.json]).toMatchObject([400, { title: 'Bad Request' }])
  }
})

/** A journey over every operation; its transcript of bytes is what must be repeatable. */
async function runJourney(seed: string, port?: number): Promise<{ bytes: string[]; port: number }> {
  await using server = await startMockServer({
    seed,
    now: () => 1_700_000_000_000,
    settings: { survey: true },
    ...(port !== undefined && { port }),
  })
  const bytes: string[] = []
  const accountId = '12345678'
  const ask = async (path: string, query: object, init: RequestInit = {}) => {
    const search = new URLSearchParams({ ...query }).toString()
    const url = `${server.url}${toPath(path, { accountId, serviceName: 'idp' })}?${search}`
    // A connection of its own: a kept one would outlive its server and be used for the next on the same port.
    const headers = new Headers(init.headers)
    headers.set('Connection', 'close')
    const response = await fetch(url, { ...init, headers })
    const body = await response.text()
    bytes.push(`${response.status} ${response.headers.get('content-type')} ${body}`)
    return JSON.parse(body)
  }
  const { baseUri, baseUris, appToken, consumer, conversation, send } = operations
  await ask(baseUris.path, baseUris.query)
  await ask(baseUri.path, baseUri.query)
  const form = new URLSearchParams({
    client_id: 'sendbox-client',
    client_secret: 'sendbox-secret',
  })
  const { access_token } = await ask(appToken.path, appToken.query, { method: 'POST', body: form })
  const json = { 'Content-Type': 'application/json', Authorization: access_token }
  const { token } = await ask(consumer.path, consumer.query, {
    method: 'POST',
    headers: json,
    body: '{"ext_consumer_id":"zoe"}',
  })
  const headers = {
    ...json,
    'X-LP-ON-BEHALF': token,
    'Client-Properties': '{"features":["MULTI_DIALOG"]}',
  }
  const post = (path: string, body: unknown) =>
    ask(path, { v: '3' }, { method: 'POST', headers, body: JSON.stringify(body) })
  for (let round = 0; round < 4; round += 1) {
    const opened = await post(conversation.path, [
      { id: 1, type: 'userprofile.SetUserProfile', body: {} },
      {
        id: 2,
        type: 'cm.ConsumerRequestConversation',
        body: { brandId: accountId, skillId: '7' },
      },
    ])
    const { conversationId } = opened[1].body
    for (let count = 0; count < 45; count += 1)
      await post(send.path, {
        id: count,
        type: 'ms.PublishEvent',
        body: { dialogId: conversationId, event: text(`message ${count}`) },
      })
    await post(send.path, {
      id: 1,
      type: 'ms.GenerateURLForUploadFile',
      body: { fileSize: 1, fileType: 'PNG' },
    })
    const dialog = { dialogId: conversationId, state: 'CLOSE' }
    await post(send.path, {
      id: 1,
      type: 'cm.UpdateConversationField',
      body: {
        conversationId,
        conversationField: { field: 'DialogChange', type: 'UPDATE', dialog },
      },
    })
    await post(send.path, {
      id: 1,
      type: 'cm.UpdateConversationField',
      body: {
        conversationId,
        conversationField: { field: 'Stage', conversationState: 'CLOSE' },
      },
    })
  }
  bytes.push(JSON.stringify(await server.account().conversations.list()))
  return { bytes, port: Number(new URL(server.url).port) }
}

test('gives the same bytes again for the same seed, clock, port and calls', async () => {
  const first = await runJourney('a seed')
  expect(first.bytes).toHaveLength(4 + 4 * 49 + 1)
  const second = await runJourney('a seed', first.port)
  expect(second.bytes).toEqual(first.bytes)
  const other = await runJourney('another seed', first.port)
  expect(other.bytes).not.toEqual(first.bytes)
})
