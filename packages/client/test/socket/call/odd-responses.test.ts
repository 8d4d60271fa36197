import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { expect, test } from 'vitest'
import { type CallEvent, callChannels } from '../../../src/index.ts'
import { createTestClient, rejectionOf } from '../create-test-client.ts'
import { conversationId, defaultAppJwt, startStubService } from '../start-stub-service.ts'

const alice = { consumer: 'alice' }

/** Answers the calls whose URL contains `part`, and gives a client with the lines of its log. */
async function startWith(part: string, body: unknown, status = 200) {
  const service = await startStubService()
  const lines: string[] = []
  const client = createTestClient(service, { log: line => lines.push(line) })
  service.answer(({ url }) => (url.includes(part) ? { status, body } : undefined))
  return {
    client,
    lines,
    conversation: client.conversation(conversationId, alice),
    async [Symbol.asyncDispose]() {
      await client.close()
      await service[Symbol.asyncDispose]()
    },
  }
}

const published = { reqId: '1', code: 'OK', body: { sequence: 4 } }

test.each([
  ['as documented', published, ''],
  [
    'of the WebSocket API',
    { kind: 'resp', reqId: '1', code: 200, body: { sequence: 4 }, type: 'ms.PublishEventResponse' },
    '/code: expected OK',
  ],
  ['with its number as text', { ...published, body: { sequence: '4' } }, '/body/sequence'],
  ['without reqId and code', { body: { sequence: 4 } }, '/reqId'],
  ['with further fields', { ...published, more: 1, body: { sequence: 4, more: 2 } }, '/more'],
  ['of an unknown type', { ...published, type: 'new.Type', reqId: 1 }, '/type'],
  ['in a list of one', [published], 'the body: expected'],
])('a publish is known by its number, whose answer is %s (RES-1)', async (_, body, deviation) => {
  await using odd = await startWith('/send', body)
  expect(await odd.conversation.sendText('Hello')).toEqual({ sequence: 4 })
  const end = odd.lines.findLast(line => line.includes('send ms.PublishEvent attempt 1 end 200'))
  expect(end?.includes('the response is odd')).toBe(deviation !== '')
  expect(end).toContain(deviation)
})

test.each([201, 202])(
  'a publish with another status of success is known too: %i (RES-1)',
  async status => {
    await using odd = await startWith('/send', published, status)
    expect(await odd.conversation.sendText('Hello')).toEqual({ sequence: 4 })
    expect(odd.lines.join('\n')).toContain('the response is odd: status: expected 200')
  },
)

test.each([
  { ...published, body: {} },
  { ...published, body: null },
  { ...published, body: { sequence: null } },
  { ...published, body: { sequence: '' } },
  { ...published, body: { sequence: '-1' } },
  { ...published, body: { sequence: 1.5 } },
  { ...published, body: 'OK' },
  [published, published],
  'OK',
  '',
])('a publish without a number has an unknown outcome: %j (RES-3)', async body => {
  await using odd = await startWith('/send', body)
  expect(await rejectionOf(odd.conversation.sendText('Hello'))).toMatchObject({
    code: 'INVALID_RESPONSE',
    outcomeUnknown: true,
  })
})

test.each([
  { reqId: '1', code: 'OK', body: 'OK Conversation resolved successfully' },
  { reqId: '1', code: 200, body: { msg: 'OK' } },
  { reqId: '1', code: 'OK' },
  { reqId: '1', code: 'OK', body: null },
  'OK Conversation resolved successfully',
  '',
  [],
  null,
])('a close, a rating and a profile need no body: %j (RES-5)', async body => {
  await using odd = await startWith('/send', body)
  await odd.conversation.close()
  await odd.conversation.rate({ csatRate: 5, csatResolutionConfirmation: true })
  await odd.conversation.setProfile({})
  expect(odd.lines.filter(line => line.includes('end 200')).join('\n')).toContain('send')
})

test('a success whose body has the code of an error is none (RES-5)', async () => {
  await using odd = await startWith('/send', { reqId: '1', code: 400, body: { title: 'No' } })
  expect(await rejectionOf(odd.conversation.close())).toHaveProperty('code', 'INVALID_RESPONSE')
})

const opened = { code: 'OK', body: { conversationId }, reqId: '2' }

test.each([
  [[{ code: 'OK', body: {}, reqId: '1' }, opened]],
  [[opened, { code: 'OK', body: null, reqId: '1' }]],
  [[null, { body: { conversationId } }]],
  [[opened]],
  [opened],
])('a conversation is found in any item of the answer: %j (RES-4)', async body => {
  await using odd = await startWith('/conversation?', body)
  expect(await odd.client.consumer('alice').openConversation()).toMatchObject({ conversationId })
})

test.each([[], {}, [{ body: { conversationId: '' } }], [{ body: { conversationId: 7 } }], null])(
  'a conversation without an id has an unknown outcome: %j (RES-4)',
  async body => {
    await using odd = await startWith('/conversation?', body)
    expect(await rejectionOf(odd.client.consumer('alice').openConversation())).toMatchObject({
      code: 'INVALID_RESPONSE',
      outcomeUnknown: true,
    })
  },
)

test.each([
  { access_token: defaultAppJwt, token_type: 'bearer' },
  { access_token: defaultAppJwt, token_type: 'Bearer', expires_in: '3600' },
  { access_token: defaultAppJwt, expires_in: null },
  { access_token: defaultAppJwt, token_type: 'BEARER', expires_in: 'soon', refresh_token: 'r' },
])('an AppJWT is taken whatever stands beside it: %j (EP-9)', async body => {
  await using odd = await startWith('/app/token', body)
  expect(
    await odd.client.send(
      {
        kind: 'req',
        type: 'ms.PublishEvent',
        body: {
          dialogId: 'd',
          event: { type: 'ContentEvent', contentType: 'text/plain', message: 'Hello' },
        },
      },
      alice,
    ),
  ).toHaveProperty('body.sequence', 0)
  const shown = odd.lines.join('\n')
  expect(shown).toContain('the response is odd')
  expect(shown).not.toContain(defaultAppJwt)
})

test.each([{}, { access_token: '' }, { access_token: 5 }])(
  'an answer without an AppJWT is refused: %j (EP-9)',
  async body => {
    await using odd = await startWith('/app/token', body)
    expect(await rejectionOf(odd.conversation.sendText('Hello'))).toHaveProperty(
      'code',
      'INVALID_RESPONSE',
    )
  },
)

test('a ConsumerJWS is taken from a 200, whatever stands beside it (EP-13)', async () => {
  await using odd = await startWith('/consumer?', { token: 'jws', type: 'new', expires: 1 })
  expect(await odd.conversation.sendText('Hello')).toEqual({ sequence: 0 })
})

test('the deviations of a response are in the message of its diagnostics channel (RES-1)', async () => {
  const events: CallEvent[] = []
  const onEnd = (event: unknown): void => void events.push(event as CallEvent)
  subscribe(callChannels.end, onEnd)
  await using odd = await startWith('/send', { ...published, code: 200 })
  await odd.conversation.sendText('Hello')
  unsubscribe(callChannels.end, onEnd)
  expect(events.findLast(({ operation }) => operation === 'send')?.deviations).toEqual([
    '/code: expected OK',
  ])
  expect(events.find(({ operation }) => operation === 'consumer')?.deviations).toBeUndefined()
})
