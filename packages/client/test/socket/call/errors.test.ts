import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import {
  ApiError,
  ClientClosedError,
  ConnectionError,
  InvalidResponseError,
  TokenError,
} from '../../../src/index.ts'
import {
  alice,
  clientSecret,
  createTestClient,
  rejectionOf,
  textRequest,
} from '../create-test-client.ts'
import { defaultAppJwt, type StubAnswer, startStubService } from '../start-stub-service.ts'

const sendPath = 'POST /api/account/{accountId}/messaging/consumer/conversation/send'

/** Sends a text while the response to requests whose path contains `part` is `answer`. */
async function failAt(part: string, answer: StubAnswer): Promise<unknown> {
  await using service = await startStubService()
  await using client = createTestClient(service)
  service.answer(({ url }) => (url.includes(part) ? answer : undefined))
  return await rejectionOf(client.send(textRequest, alice))
}

const errorAnswer = (status: number, body: unknown, reqId?: string): StubAnswer => ({
  status,
  body: { kind: 'resp', reqId, code: status, body, type: '.ReqBody$ErrorResp' },
})

test('an error object becomes an ApiError with everything that it said [RES-6]', async () => {
  const body = { title: 'Bad Request', details: 'Conversation is close', errorCode: 40054 }

  const error = await failAt('/send', errorAnswer(400, body, '1'))

  expect(error).toBeInstanceOf(ApiError)
  expect(error).toMatchObject({
    name: 'ApiError',
    code: 'API_ERROR',
    status: 400,
    errorCode: 40054,
    title: 'Bad Request',
    details: 'Conversation is close',
    reqId: '1',
    isRetryable: false,
    message: `Sending ms.PublishEvent failed: ${sendPath} answered 400 (errorCode 40054): Bad Request: Conversation is close. Correct the request: a repeat gives the same answer.`,
  })
})

test('the words of a server stay on one line of the message, without control characters', async () => {
  const words = 'No\r\n\u001B[2J\u009B1m\u202Eerror FORGED\u2028.'
  const { message } = (await failAt('/send', errorAnswer(400, words))) as ApiError
  expect(message).toContain(': No [2J 1m error FORGED .')
  expect(message).not.toMatch(/[\p{Cc}\u2028\u202E]/u)

  const refused = { error: 'invalid_client', error_description: words }
  expect(await failAt('/token', { status: 401, body: refused })).toMatchObject({
    code: 'TOKEN_REFUSED',
    message: expect.not.stringMatching(/[\p{Cc}\u2028\u202E]/u),
  })
})

test('an error with a text for a body becomes an ApiError with that text as details', async () => {
  const error = await failAt('/send', errorAnswer(400, 'Conversation is close', '1'))

  expect(error).toMatchObject({
    status: 400,
    errorCode: undefined,
    details: 'Conversation is close',
    reqId: '1',
    message: `Sending ms.PublishEvent failed: ${sendPath} answered 400: Conversation is close. Correct the request: a repeat gives the same answer.`,
  })
})

test.each([
  [{ errorCode: 40054 }, { errorCode: 40054, title: undefined, details: undefined }],
  [
    { errorCode: 'x', title: 5, details: 'd' },
    { errorCode: undefined, details: 'd' },
  ],
])('an error of %j tells what can be read of it', async (body, expected) => {
  expect(await failAt('/send', { status: 400, body: { body } })).toMatchObject(expected)
})

test('an error of no known shape becomes an ApiError with its status alone', async () => {
  const error = await failAt('/send', { status: 502, body: '<html>Bad Gateway</html>' })

  expect(error).toBeInstanceOf(ApiError)
  expect(error).toMatchObject({
    status: 502,
    errorCode: undefined,
    isRetryable: false,
    message: `Sending ms.PublishEvent failed: ${sendPath} answered 502. Its outcome is unknown, and a repeat may act twice.`,
  })
})

test('a refused client becomes a TokenError in the words of RFC 6749 [EP-12.1]', async () => {
  const refusal = { error: 'invalid_client', error_description: 'Unknown client', more: true }

  const error = await failAt('/app/token', { status: 401, body: refusal })

  expect(error).toBeInstanceOf(TokenError)
  expect(error).toMatchObject({
    name: 'TokenError',
    code: 'TOKEN_REFUSED',
    status: 401,
    error: 'invalid_client',
    error_description: 'Unknown client',
    isRetryable: false,
    message:
      'Fetching an AppJWT failed: POST /sentinel/api/account/{accountId}/app/token answered 401 invalid_client: Unknown client. Check clientId, clientSecret and accountId.',
  })
})

test('a TokenError may have an error that RFC 6749 does not name (EP-12)', async () => {
  const body = { error: 'account_suspended', error_description: null, error_uri: null }

  expect(await failAt('/app/token', { status: 400, body })).toMatchObject({
    code: 'TOKEN_REFUSED',
    status: 400,
    error: 'account_suspended',
    error_description: 'no description',
  })
})

test('a failure of the token service that is no RFC 6749 answer becomes an ApiError', async () => {
  const error = await failAt('/app/token', { status: 503, body: 'try later' })

  expect(error).toMatchObject({
    code: 'API_ERROR',
    isRetryable: true,
    message:
      'Fetching an AppJWT failed: POST /sentinel/api/account/{accountId}/app/token answered 503. Wait at least 5 s, then repeat the call.',
  })
})

describe('a success that is none becomes an InvalidResponseError', () => {
  const hint =
    'The call may have acted all the same; check that domainApiUrl leads to a Send API v3.'
  test.each<[string, StubAnswer, string]>([
    [
      'another shape',
      { status: 200, body: { reqId: '1', code: 'OK', body: { sequence: 'x' } } },
      '/body/sequence is unexpected (Invalid input: expected number, received string)',
    ],
    [
      'the answer to another type',
      { status: 200, body: { reqId: '1', code: 'OK', body: { msg: 'OK' } } },
      '/body/sequence is unexpected (Invalid input: expected number, received undefined)',
    ],
    ['no JSON', { status: 200, body: 'OK' }, 'the body is not JSON'],
    ['no body', { status: 204 }, 'the body is not JSON'],
  ])('%s', async (_, answer, fault) => {
    const error = await failAt('/send', answer)

    expect(error).toBeInstanceOf(InvalidResponseError)
    expect(error).toMatchObject({
      name: 'InvalidResponseError',
      code: 'INVALID_RESPONSE',
      isRetryable: false,
      message: `Sending ms.PublishEvent failed: ${sendPath} answered with success, but ${fault}. ${hint}`,
    })
  })
})

test('a Domain API that leaves a service out gives an InvalidResponseError that names it', async () => {
  const error = await failAt('/baseURI', { status: 200, body: { baseURIs: [] } })

  expect(error).toMatchObject({
    code: 'INVALID_RESPONSE',
    message:
      'Looking up the domains failed: GET /api/account/{accountId}/service/baseURI.json answered with success, but it names no host for the service "idp". The call may have acted all the same; check that domainApiUrl leads to a Send API v3.',
  })
})

test('a batch without a conversation id gives an InvalidResponseError', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service)
  service.answer(({ url }) =>
    url.includes('/conversation?') ? { status: 200, body: [] } : undefined,
  )

  const error = await rejectionOf(client.consumer('alice').openConversation())

  expect(error).toMatchObject({
    code: 'INVALID_RESPONSE',
    attempts: 1,
    message:
      'Opening a conversation failed: POST /api/account/{accountId}/messaging/consumer/conversation answered with success, but no answer of the batch has a conversationId. The call may have acted all the same; check that domainApiUrl leads to a Send API v3.',
  })
})

test.each(['before', 'midway'] as const)(
  'a connection that is cut %s the answer leaves the outcome of a message unknown',
  async cut => {
    const error = await failAt('/send', { cut })

    expect(error).toBeInstanceOf(ConnectionError)
    expect(error).toMatchObject({
      name: 'ConnectionError',
      code: 'CONNECTION_FAILED',
      isRetryable: false,
      cause: { message: 'other side closed' },
      message: `Sending ms.PublishEvent failed: no whole answer to ${sendPath} (other side closed). Its outcome is unknown, and a repeat may act twice.`,
    })
  },
)

test('a refused connection is retryable, as nothing was sent', async () => {
  const service = await startStubService()
  await service[Symbol.asyncDispose]()
  await using client = createTestClient(service)

  const error = await rejectionOf(client.send(textRequest, alice))

  expect(error).toMatchObject({
    code: 'CONNECTION_FAILED',
    isRetryable: true,
    cause: { code: 'ECONNREFUSED' },
    message: `Looking up the domains failed: no whole answer to GET /api/account/{accountId}/service/baseURI.json (connect ECONNREFUSED ${service.host}). Nothing was sent: check domainApiUrl, then repeat the call.`,
  })
})

test('a client that is closed takes no call', async () => {
  await using service = await startStubService()
  const client = createTestClient(service)
  await client.close()

  const error = await rejectionOf(client.send(textRequest, alice))

  expect(error).toBeInstanceOf(ClientClosedError)
  expect(error).toMatchObject({
    name: 'ClientClosedError',
    code: 'CLIENT_CLOSED',
    isRetryable: false,
    outcomeUnknown: false,
    message:
      'Sending ms.PublishEvent failed: the client is closed, so nothing was sent. Create another client.',
  })
})

test('no error shows a secret or a token, even where the service repeats them', async () => {
  const tokens = `${defaultAppJwt} jws-of-alice`
  const errors = await Promise.all([
    failAt('/app/token', {
      status: 400,
      body: { error: 'invalid_request', error_description: `no ${clientSecret}` },
    }),
    failAt('/app/token', errorAnswer(500, `no ${clientSecret}`)),
    failAt('/app/token', { status: 200, body: `{"access_token":"${defaultAppJwt}"` }),
    failAt('/app/token', { status: 200, body: { access_token: 5, token: defaultAppJwt } }),
    failAt('/consumer?', errorAnswer(400, `no ${defaultAppJwt}`)),
    failAt('/send', errorAnswer(400, `no ${tokens}`)),
    failAt('/send', errorAnswer(400, { title: tokens, details: tokens, errorCode: 40052 })),
    failAt('/send', { status: 200, body: defaultAppJwt }),
    failAt('/send', errorAnswer(400, 'no', defaultAppJwt)),
    failAt('/app/token', { status: 400, body: { error: `no ${clientSecret}` } }),
  ])

  for (const error of errors) {
    const shown = inspect(error, { depth: 10, showHidden: true })
    expect(shown).toContain(' failed: ')
    expect(shown).not.toMatch(/secret-that|jws-of|eyJ/)
  }
  expect(errors[0]).toHaveProperty('error_description', 'no <redacted>')
  expect(errors[5]).toHaveProperty('details', 'no <redacted> <redacted>')
  expect(errors[6]).toHaveProperty('title', '<redacted> <redacted>')
  expect(errors[9]).toHaveProperty('error', 'no <redacted>')
})

test('no error shows a secret in the letters of a form', async () => {
  await using service = await startStubService()
  await using client = createTestClient(service, { clientSecret: "it's a (secret)!" })
  service.answer(({ url, body }) =>
    url.includes('/app/token') ? errorAnswer(400, `no ${body}`) : undefined,
  )

  expect(await rejectionOf(client.send(textRequest, alice))).toHaveProperty(
    'details',
    'no client_id=sendbox-client&client_secret=<redacted>',
  )
})
