import type { OperationId } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { createRecording } from '../../src/record/recording.ts'

const startedAt = new Date('2026-11-24T00:00:00Z')

const callOf = (
  operationId: OperationId,
  path: string,
  {
    headers = {},
    body = '',
    status = 200,
    answer = {},
  }: {
    headers?: Record<string, string>
    body?: unknown
    status?: number
    answer?: unknown
  } = {},
) => ({
  operationId,
  request: {
    method: 'POST',
    path,
    headers,
    bytes: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  },
  response: { status, headers: {}, bytes: Buffer.from(JSON.stringify(answer)) },
})

const account = '/api/account/4711'
const token = callOf('appToken', `/sentinel${account}/app/token?v=1.0`, {
  body: 'client_id=c&client_secret=hush-hush',
  answer: { access_token: 'opaque-app-token', token_type: 'Bearer' },
})
const consumer = callOf('consumer', `${account}/consumer?v=1.0`, {
  body: { ext_consumer_id: 'zoe' },
  status: 201,
  answer: { token: 'opaque-consumer-token' },
})
const headers = {
  'content-type': 'application/json',
  authorization: 'Bearer opaque-app-token',
  'x-lp-on-behalf': 'opaque-consumer-token',
}
const sendPath = `${account}/messaging/consumer/conversation/send?v=3`
const openPath = `${account}/messaging/consumer/conversation?v=3`
const opened = callOf('conversation', openPath, {
  headers,
  body: [
    { id: '1', type: 'userprofile.SetUserProfile', body: {} },
    { id: '2', type: 'cm.ConsumerRequestConversation', body: { brandId: '4711' } },
  ],
  answer: [
    { code: 'OK', body: { msg: 'OK User Profile set successfully' }, reqId: '1' },
    { code: 'OK', body: { conversationId: 'conv-a' }, reqId: '2' },
  ],
})
const textTo = (dialogId: string, message: string) =>
  callOf('send', sendPath, {
    headers,
    body: {
      id: '3',
      type: 'ms.PublishEvent',
      body: { dialogId, event: { type: 'ContentEvent', contentType: 'text/plain', message } },
    },
    answer: { reqId: '3', code: 'OK', body: { sequence: 0 } },
  })

test('tokens and secrets are in no trace, not even where somebody said them; ids become variables', () => {
  const recording = createRecording({ name: 'a', startedAt })
  const said = textTo('conv-a', 'my token is opaque-app-token, my secret hush-hush')
  for (const call of [token, consumer, opened, said]) recording.begin()(call)
  const trace = recording.toTrace()
  expect(trace?.steps.map(({ title, source }) => [title, source])).toEqual([
    ['A batch of 2', 'recording 2026-11-24'],
    ['ms.PublishEvent ContentEvent', 'recording 2026-11-24'],
  ])
  expect(trace?.steps[0]).toMatchObject({
    body: [{}, { body: { brandId: { $: 'accountId' } } }],
    answer: { body: [{}, { body: { conversationId: { $: 'conversationId' } } }] },
  })
  expect(trace?.steps[1]).toMatchObject({
    consumer: 'consumer',
    body: {
      body: {
        dialogId: { $: 'conversationId' },
        event: { message: 'my token is <redacted>, my secret <redacted>' },
      },
    },
  })
  expect(JSON.stringify(trace)).not.toMatch(/opaque|hush|4711/)
})

test('calls that overlap keep the order in which they came', () => {
  const recording = createRecording({ name: 'a', startedAt })
  recording.begin()(opened)
  const [first, second] = [recording.begin(), recording.begin()]
  second(textTo('conv-a', 'second'))
  first(textTo('conv-a', 'first'))
  const messages = recording
    .toTrace()
    ?.steps.map(step => JSON.stringify(step).match(/first|second/)?.[0])
  expect(messages).toEqual([undefined, 'first', 'second'])
})

test('a conversation of before the recording is noted, as the trace will not replay', () => {
  const recording = createRecording({ name: 'a', startedAt })
  const problem = 'conv-b is of before the recording: the trace will not replay'
  expect(recording.begin()(textTo('conv-b', 'x')).problems).toEqual([problem])
  expect(recording.toTrace()?.steps[0]?.problems).toEqual([problem])
})

test('what is not as the schema has it is noted, in both directions', () => {
  const recording = createRecording({ name: 'a', startedAt })
  const wrong = callOf('send', sendPath, {
    headers,
    body: { id: '1', type: 'ms.Foo', body: {} },
    status: 418,
    answer: {},
  })
  expect(recording.begin()(wrong).problems).toEqual([
    expect.stringMatching(/^request: \/type: expected ms\.PublishEvent/),
    'answer: the status 418 is none that the operation is known to answer',
  ])
})

test('a token that was refused is broken in the trace, and one that is missing is missing', () => {
  const recording = createRecording({ name: 'a', startedAt })
  const refused = (errorCode: number, given: Record<string, string>) =>
    callOf('send', sendPath, {
      headers: given,
      body: '{}',
      status: 401,
      answer: { kind: 'resp', code: 401, body: { title: 't', details: 'd', errorCode } },
    })
  const { authorization: _, ...withoutAppJwt } = headers
  recording.begin()(refused(40102, { ...headers, authorization: 'expired-one' }))
  recording.begin()(refused(40105, withoutAppJwt))
  recording.begin()(refused(40103, { ...headers, 'x-lp-on-behalf': 'some-other' }))
  expect(recording.toTrace()?.steps).toMatchObject([
    { appJwt: 'broken' },
    { appJwt: 'missing' },
    { consumerJws: 'broken' },
  ])
})

test('nothing but tokens is no trace', () => {
  const recording = createRecording({ name: 'a', startedAt })
  recording.begin()(token)
  expect(recording.toTrace()).toBeUndefined()
})

test('each conversation has a variable of its own', () => {
  const recording = createRecording({ name: 'a', startedAt })
  const second = JSON.parse(opened.response.bytes.toString().replace('conv-a', 'conv-b')) as unknown
  const other = { status: 200, headers: {}, bytes: Buffer.from(JSON.stringify(second)) }
  for (const call of [opened, { ...opened, response: other }, textTo('conv-b', 'x')])
    recording.begin()(call)
  expect(recording.toTrace()?.steps[2]).toMatchObject({
    body: { body: { dialogId: { $: 'conversationId2' } } },
  })
})

test('tokens that were issued before the recording are in no trace either', () => {
  const recording = createRecording({ name: 'a', startedAt })
  recording.begin()(opened)
  recording.begin()(textTo('conv-a', 'my tokens: opaque-app-token, opaque-consumer-token'))
  expect(JSON.stringify(recording.toTrace())).toContain('my tokens: <redacted>, <redacted>')
})

test.each(['1', 't', ':', 'recorded'])(
  'a token of the letters %s costs no step of the trace, and is not in its place in it',
  letters => {
    const recording = createRecording({ name: 'a', startedAt })
    const given = { ...headers, authorization: `Bearer ${letters}`, 'x-lp-on-behalf': letters }
    const said = textTo('conv-a', 'Hello')
    recording.begin()({
      ...token,
      response: { ...opened.response, bytes: Buffer.from(`{"access_token":"${letters}"}`) },
    })
    recording.begin()(opened)
    recording.begin()({ ...said, request: { ...said.request, headers: given } })
    expect(recording.toTrace()?.steps).toMatchObject([
      { title: 'A batch of 2' },
      {
        title: 'ms.PublishEvent ContentEvent',
        evidence: 'recorded',
        source: 'recording 2026-11-24',
      },
    ])
  },
)

const hidden = `${String.raw`H"\d-9`}\nline`
const sendWith = (changes: {
  headers?: Record<string, string>
  path?: string
  message?: string
}) => {
  const said = textTo('conv-a', changes.message ?? 'Hello')
  const { request } = said
  return {
    ...said,
    request: {
      ...request,
      path: changes.path ?? request.path,
      headers: { ...request.headers, ...changes.headers },
    },
  }
}
const loginWith = (query: string, form: string, authorization?: string) => {
  const login = callOf('appToken', `/sentinel${account}/app/token?v=1.0${query}`, {
    body: form,
    answer: { access_token: 'opaque-app-token', token_type: 'Bearer' },
  })
  return authorization === undefined
    ? login
    : { ...login, request: { ...login.request, headers: { authorization } } }
}

test.each([
  [
    'a lower-case scheme',
    [
      sendWith({ headers: { authorization: 'bearer H1dd3n-token' } }),
      sendWith({ message: 'it is H1dd3n-token' }),
    ],
  ],
  [
    'a secret with a quote, a backslash and a line break',
    [
      loginWith('', `client_secret=${encodeURIComponent(hidden)}`),
      sendWith({ message: `so: ${hidden}` }),
    ],
  ],
  [
    'JSON inside of JSON',
    [
      loginWith('', `client_secret=${encodeURIComponent(hidden)}`),
      sendWith({ message: JSON.stringify({ a: hidden }) }),
    ],
  ],
  [
    'percent escapes',
    [
      loginWith('', 'client_secret=H1dd%3An%26x'),
      sendWith({ message: 'H1dd%3An%26x and H1dd%3an%26x' }),
    ],
  ],
  [
    'a secret inside of Basic',
    [
      loginWith('', 'client_secret=H1dd3n-secret'),
      sendWith({ message: `Basic ${Buffer.from('c:H1dd3n-secret').toString('base64')}` }),
    ],
  ],
  [
    'a secret that came by Basic',
    [
      loginWith('', '', `Basic ${Buffer.from('c:H1dd3n-secret').toString('base64')}`),
      sendWith({ message: 'H1dd3n-secret' }),
    ],
  ],
  [
    'the secret of the form where the query has another',
    [
      loginWith('&client_secret=another-one', 'client_secret=H1dd3n-secret'),
      sendWith({ message: 'H1dd3n-secret, another-one' }),
    ],
  ],
  [
    'a token in Client-Properties',
    [sendWith({ headers: { 'client-properties': '{"access_token":"H1dd3n-token"}' } })],
  ],
  [
    'a token in the query',
    [sendWith({ path: `${sendPath}&access_token=H1dd3n-token&x=H1dd3n-2` })],
  ],
  ['a cookie', [sendWith({ headers: { cookie: 'a=H1dd3n-cookie' } })]],
  ['a field with the name of a secret', [sendWith({ message: '{"password":"H1dd3n-word"}' })]],
])('%s is in no trace, and not in the partial one', (_, calls) => {
  const recording = createRecording({ name: 'a', startedAt })
  const steps = [opened, ...calls].map(call => recording.begin()(call).step)
  const shown = [...steps, recording.toTrace()].map(part => JSON.stringify(part)).join('\n')
  expect(recording.toTrace()?.steps.length).toBeGreaterThan(1)
  expect(shown.toLowerCase()).not.toMatch(/h1dd|h\\+"|another-one|sdfkzg/)
  for (const encoded of ['c:H1dd3n-secret', 'H1dd3n-secret'])
    expect(shown).not.toContain(Buffer.from(encoded).toString('base64').slice(0, 12))
})
