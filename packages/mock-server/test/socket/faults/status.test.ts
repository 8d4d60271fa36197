import { operations, toPath } from '@sendbox/schema'
import { expect, test } from 'vitest'
import type { FaultInput, SettingsInput } from '../../../src/index.ts'
import { call, errorOf, startConsumerSession, text } from '../consumer-session.ts'
import { rawAnswer, rawCall, textsOf, toRawPublish } from '../raw-call.ts'

/** The response of SEND under a fault. */
async function answerWith(action: FaultInput['action'], settings: SettingsInput = {}) {
  await using session = await startConsumerSession({ settings })
  session.server.account().faults.add({ match: {}, action })
  const answer = await rawCall(toRawPublish(session, text('hello')))
  expect(await textsOf(session)).toEqual([0])
  return answer
}

/** The JSON of a response. */
const bodyOf = ({ text: bytes }: { readonly text: string }): unknown =>
  JSON.parse(bytes.slice(bytes.indexOf('\r\n\r\n')))

test.each([
  [400, errorOf(400, 40050, 'Bad Request', 'Request body is not valid JSON', '1')],
  [401, errorOf(401, 40102, 'Invalid AppJWT', 'AppJWT has expired or is invalid')],
  [404, errorOf(404, 40451, 'Not Found', 'Conversation not found', '1')],
  [405, errorOf(405, 40550, 'Method Not Allowed', 'Method not allowed', '1')],
  [413, errorOf(413, 41350, 'Payload Too Large', 'Request body is too large', '1')],
  [
    415,
    errorOf(415, 41550, 'Unsupported Media Type', 'Content-Type must be application/json', '1'),
  ],
  [429, errorOf(429, 42950, 'Too Many Requests', 'Too many requests', '1')],
])('answers %i as the service does where nothing else is given', async (status, body) => {
  expect(bodyOf(await answerWith({ status }))).toEqual(body)
})

test.each([403, 500, 501, 502, 503, 504])(
  'answers %i in the form of the service where it has no such error',
  async status => {
    const title = expect.any(String)
    const details = 'Sendbox answers this on purpose, see x-sendbox-fault'
    expect(bodyOf(await answerWith({ status }))).toEqual({
      kind: 'resp',
      reqId: '1',
      code: status,
      body: { title, details, errorCode: status * 100 + 99 },
      type: '.ReqBody$ErrorResp',
    })
  },
)

test('takes the setting for the body of status 400', async () => {
  const answer = await answerWith({ status: 400 }, { errors: { body: 'string' } })
  expect(bodyOf(answer)).toMatchObject({ body: 'Request body is not valid JSON' })
})

test('says with 429 when to come back, unless the headers say otherwise', async () => {
  const head = ['HTTP/1.1 429 Too Many Requests', 'Content-Type: application/json;charset=utf-8']
  const fault = 'x-sendbox-fault: fault-1'
  expect(await answerWith({ status: 429, body: {} })).toEqual(
    rawAnswer([...head, 'Content-Length: 2', 'Retry-After: 1', fault], '{}'),
  )
  expect(await answerWith({ status: 429, body: {}, headers: { 'retry-after': '30' } })).toEqual(
    rawAnswer([...head, 'Content-Length: 2', 'Retry-After: 30', fault], '{}'),
  )
  expect((await answerWith({ status: 429 })).text).toContain('\r\nRetry-After: 1\r\n')
})

test('sends a string as it is and anything else as JSON, with the headers that are given', async () => {
  expect(await answerWith({ status: 502, body: '<h1>Bad Gateway</h1>' })).toEqual(
    rawAnswer(
      [
        'HTTP/1.1 502 Bad Gateway',
        'Content-Type: text/plain;charset=utf-8',
        'Content-Length: 20',
        'x-sendbox-fault: fault-1',
      ],
      '<h1>Bad Gateway</h1>',
    ),
  )
  const headers = { 'content-type': 'text/html', Server: 'proxy' }
  expect(await answerWith({ status: 502, body: '<h1>', headers })).toEqual(
    rawAnswer(
      [
        'HTTP/1.1 502 Bad Gateway',
        'Content-Type: text/html',
        'Content-Length: 4',
        'Server: proxy',
        'x-sendbox-fault: fault-1',
      ],
      '<h1>',
    ),
  )
  expect(bodyOf(await answerWith({ status: 500, body: [null, 'text'] }))).toEqual([null, 'text'])
  expect(bodyOf(await answerWith({ status: 500, body: null }))).toBeNull()
})

test('promises no length where there is no content by definition', async () => {
  expect(await answerWith({ status: 204 })).toEqual(
    rawAnswer(['HTTP/1.1 204 No Content', 'x-sendbox-fault: fault-1'], ''),
  )
})

test('has no body below 400 where none is given', async () => {
  expect(await answerWith({ status: 200 })).toEqual(
    rawAnswer(['HTTP/1.1 200 OK', 'Content-Length: 0', 'x-sendbox-fault: fault-1'], ''),
  )
})

test('answers the AppJWT call in the form of OAuth where that has one, else in that of SEND', async () => {
  await using session = await startConsumerSession()
  const { server, accountId } = session
  const { faults } = server.account()
  const ask = async (operation: 'appToken' | 'consumer', status: number) => {
    faults.clear()
    faults.add({ match: { operation }, action: { status } })
    const url = `${server.url}${toPath(operations[operation].path, { accountId })}?v=1.0`
    return (await call(url, { method: 'POST' })).json
  }
  const error_description = 'Sendbox answers this on purpose, see x-sendbox-fault'
  expect(await ask('appToken', 400)).toEqual({ error: 'invalid_request', error_description })
  expect(await ask('appToken', 401)).toEqual({ error: 'invalid_client', error_description })
  const tooMany = errorOf(429, 42950, 'Too Many Requests', 'Too many requests')
  expect(await ask('appToken', 429)).toEqual(tooMany)
  const expired = errorOf(401, 40102, 'Invalid AppJWT', 'AppJWT has expired or is invalid')
  expect(await ask('consumer', 401)).toEqual(expired)
})

test('acts on each operation by its id, whatever the tokens of the call are', async () => {
  await using session = await startConsumerSession()
  const { server, accountId } = session
  const { faults } = server.account()
  const params = { accountId, serviceName: 'idp', fileName: 'a.PNG', installId: 'x' }
  for (const [id, { path, method }] of Object.entries(operations)) {
    const operation = id as keyof typeof operations
    const { faultId } = faults.add({ match: { operation }, action: { status: 418, body: id } })
    const response = await fetch(`${server.url}${toPath(path, params)}`, { method })
    expect([response.status, await response.text()]).toEqual([418, id])
    expect(response.headers.get('x-sendbox-fault')).toBe(faultId)
  }
  expect(faults.list().map(({ matched, acted }) => [matched, acted])).toEqual(
    Object.keys(operations).map(() => [1, 1]),
  )
})
