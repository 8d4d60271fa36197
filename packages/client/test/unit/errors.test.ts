import { expect, test } from 'vitest'
import { ApiError } from '../../src/errors/api-error.ts'
import { ConnectionError } from '../../src/errors/connection-error.ts'
import { ClientError, isClientError } from '../../src/index.ts'

const callOf = (idempotent: boolean, wasSent = true) =>
  ({ purpose: 'Sending X', method: 'POST', path: '/{accountId}', idempotent, wasSent }) as const

test.each([
  [{ status: 400 }, false, 'Correct the request: a repeat gives the same answer.'],
  [
    { status: 401, errorCode: 40102 },
    true,
    'Repeat the call: the client fetches a new AppJWT first.',
  ],
  [
    { status: 401, errorCode: 40103 },
    false,
    'Check the account, the consumer and whose conversation it is.',
  ],
  [{ status: 404 }, false, 'Check the ids of the account and of the conversation.'],
  [{ status: 429 }, true, 'Wait at least 1 s, then repeat the call.'],
  [{ status: 500 }, true, 'Wait at least 5 s, then repeat the call.'],
] as const)('%j of a repeatable call: isRetryable is %j', (answer, isRetryable, nextStep) => {
  const error = new ApiError(callOf(true), answer)

  expect(error.isRetryable).toBe(isRetryable)
  expect(error.message.endsWith(nextStep)).toBe(true)
})

test('a redirect did not act, and is no answer of a Send API', () => {
  const error = new ApiError(callOf(false), { status: 302 })

  expect(error).toMatchObject({ isRetryable: false, outcomeUnknown: false })
  expect(error.message).toBe(
    'Sending X failed: POST /{accountId} answered 302. Check that domainApiUrl leads to a Send API v3.',
  )
})

test('a 5xx of a call that is not repeatable is not retryable', () => {
  const error = new ApiError(callOf(false), { status: 500 })

  expect(error.isRetryable).toBe(false)
  expect(error.message).toBe(
    'Sending X failed: POST /{accountId} answered 500. Its outcome is unknown, and a repeat may act twice.',
  )
})

test.each([
  ['ECONNRESET', true, false, true],
  ['UND_ERR_CLOSED', false, false, false],
  ['UND_ERR_INVALID_ARG', false, false, false],
  ['SELF_SIGNED_CERT_IN_CHAIN', false, false, false],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', false, false, false],
  ['ERR_TLS_CERT_ALTNAME_INVALID', false, false, false],
])('%s is retryable: %j, for a message: %j, where nothing was sent: %j', (code, ...expected) => {
  const cause = Object.assign(new Error('reason'), { code })
  const calls = [callOf(true), callOf(false), callOf(false, false)]

  expect(calls.map(call => new ConnectionError(call, cause).isRetryable)).toEqual(expected)
})

test('a certificate that is not trusted leads to the option ca', () => {
  const cause = Object.assign(new Error('self-signed certificate'), {
    code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  })

  expect(new ConnectionError(callOf(true, false), cause).message).toBe(
    'Sending X failed: no whole answer to POST /{accountId} (self-signed certificate). Nothing was sent: name the authority that signed its certificate in the option ca.',
  )
})

test('a connection error without words tells its code', () => {
  const cause = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' })

  expect(new ConnectionError(callOf(true, false), cause).message).toBe(
    'Sending X failed: no whole answer to POST /{accountId} (ECONNREFUSED). Nothing was sent: check domainApiUrl, then repeat the call.',
  )
})

test('an error of this package is recognised and keeps its stack and cause', () => {
  const cause = new Error('reason')
  const error: unknown = new ConnectionError(callOf(true), cause)

  expect(error).toBeInstanceOf(ClientError)
  expect(isClientError(error) && error.code).toBe('CONNECTION_FAILED')
  expect(error).toHaveProperty('cause', cause)
})

test('an error of another installed copy is recognised by its brand', () => {
  class ForeignError extends Error {}
  const error = new ForeignError('from another copy')
  expect(isClientError(error)).toBe(false)

  Object.defineProperty(error, Symbol.for('@sendbox/client/ClientError'), { value: true })

  expect(error).not.toBeInstanceOf(ClientError)
  expect(isClientError(error)).toBe(true)
})

test.each([undefined, null, 'API_ERROR', { code: 'API_ERROR' }, new TypeError('mistake')])(
  '%s is no client error',
  value => {
    expect(isClientError(value)).toBe(false)
  },
)
