import { operations, toPath } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { providerStates } from '../../../src/handle/provider-states.ts'
import { type MockServer, startMockServer } from '../../../src/index.ts'
import { call, text } from '../consumer-session.ts'

type Values = Readonly<Record<string, string>>

const change = (server: MockServer, body: object) =>
  call(`${server.url}/__sendbox/provider-states`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })

async function setUp(server: MockServer, state: string, params: object = {}): Promise<Values> {
  const answer = await change(server, { state, params, action: 'setup' })
  expect([state, answer.status]).toEqual([state, 200])
  return answer.json as Values
}

/** Says something with the values that a state handed out. */
async function say(server: MockServer, values: Values): Promise<unknown> {
  const { accountId = '', appJwt = '', consumerJws = '', dialogId = '' } = values
  const path = toPath(operations.send.path, { accountId })
  const answer = await call(`${server.url}${path}?v=3`, {
    method: 'POST',
    headers: {
      Authorization: appJwt,
      'X-LP-ON-BEHALF': consumerJws,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({
      kind: 'req',
      id: '1',
      type: 'ms.PublishEvent',
      body: { dialogId, event: text('hi') },
    }),
  })
  return [answer.status, (answer.json as { body: unknown }).body]
}

const session = {
  accountId: '12345678',
  consumer: 'pact-consumer',
  lpConsumerId: expect.stringMatching(/^[\da-f]{64}$/),
  appJwt: expect.stringMatching(/^ey/),
  consumerJws: expect.stringMatching(/^ey/),
}

test('opens conversations that take what the consumer says next, with its tokens', async () => {
  await using server = await startMockServer()
  const open = await setUp(server, 'the consumer has an open conversation')
  expect(open).toEqual({
    ...session,
    conversationId: expect.any(String),
    dialogId: open['conversationId'],
  })
  expect(await say(server, open)).toEqual([200, { sequence: 0 }])
  const two = await setUp(server, 'the consumer has an open conversation with two texts')
  expect(await say(server, two)).toEqual([200, { sequence: 2 }])
  const closed = await setUp(server, 'the consumer has a closed conversation')
  expect(await say(server, closed)).toMatchObject([400, { errorCode: 40054 }])
  const survey = await setUp(server, 'the survey is open')
  expect(survey['dialogId']).not.toBe(survey['conversationId'])
  expect(await say(server, survey)).toEqual([200, { sequence: 0 }])
})

test('takes literal ids, again and again', async () => {
  await using server = await startMockServer()
  const params = { accountId: 'other', consumer: 'zoe', conversationId: 'literal', more: 1 }
  for (let round = 0; round < 2; round += 1) {
    const two = await setUp(server, 'the consumer has an open conversation with two texts', params)
    expect(two).toMatchObject({ accountId: 'other', consumer: 'zoe', conversationId: 'literal' })
    expect(await say(server, two)).toEqual([200, { sequence: 2 }])
  }
  const { conversations } = server.account('other')
  expect(await conversations.list()).toHaveLength(1)
  await setUp(server, 'the consumer has a closed conversation', params)
  expect(await conversations.list()).toMatchObject([{ stage: 'CLOSE', conversationId: 'literal' }])
})

test('takes ids that a pact writes as numbers', async () => {
  await using server = await startMockServer()
  const params = { accountId: 87654321, consumer: 7, conversationId: 1 }
  expect(await setUp(server, 'the consumer has an open conversation', params)).toMatchObject({
    accountId: '87654321',
    consumer: '7',
    conversationId: '1',
  })
})

test('closes the conversations of the consumer, and of no other', async () => {
  await using server = await startMockServer()
  await setUp(server, 'the consumer has an open conversation')
  const other = await setUp(server, 'the consumer has an open conversation', { consumer: 'zoe' })
  expect(await setUp(server, 'the consumer has no open conversation')).toEqual(session)
  const views = await server.account().conversations.list()
  expect(views.map(({ stage }) => stage)).toEqual(['OPEN', 'CLOSE'])
  expect(views[0]?.conversationId).toBe(other['conversationId'])
})

test('hands out an AppJWT that has expired [AUTH-3]', async () => {
  await using server = await startMockServer()
  const open = await setUp(server, 'the consumer has an open conversation')
  const { appJwt = '' } = await setUp(server, 'an AppJWT has expired')
  expect(await say(server, { ...open, appJwt })).toMatchObject([401, { errorCode: 40102 }])
})

test('keeps a file at a given place or a new one', async () => {
  await using server = await startMockServer()
  const relativePath = '/v1/AUTH_async-images/12345678/literal.JPG'
  const given = await setUp(server, 'a file was uploaded', { relativePath })
  const made = await setUp(server, 'a file was uploaded')
  expect(given).toEqual({ ...session, relativePath })
  const { files } = await server.account().snapshot()
  expect(files.map(file => file.relativePath)).toEqual([relativePath, made['relativePath']])
})

test('does nothing for a teardown and for a state without a name', async () => {
  await using server = await startMockServer()
  const state = 'the consumer has an open conversation'
  for (const body of [{ state, action: 'teardown' }, { state: '' }])
    expect(await change(server, body)).toMatchObject({ status: 200, json: {} })
  expect(await server.account().conversations.list()).toEqual([])
})

test.each(['the moon is full', 'toString', '__proto__'])(
  'answers 404 for the unknown state %j, and lists those it has',
  async state => {
    await using server = await startMockServer()
    const states = Object.keys(providerStates)
    const { status, json } = await change(server, { state })
    expect([status, json]).toEqual([
      404,
      {
        title: 'Not Found',
        details: `The mock has no provider state "${state}". It has: ${states.join('; ')}`,
        states,
      },
    ])
  },
)

test('names the state that was probably meant', async () => {
  await using server = await startMockServer()
  const { status, json } = await change(server, { state: 'the consumer has no open conversations' })
  expect([status, json]).toMatchObject([
    404,
    {
      details:
        'The mock has no provider state "the consumer has no open conversations". Did you mean "the consumer has no open conversation"?',
    },
  ])
})
