import { expect, test } from 'vitest'
import { ApiError } from '../../src/api-error.ts'
import { ConnectionError } from '../../src/connection-error.ts'
import { ClientError, isClientError } from '../../src/index.ts'

const callOf = (isRepeatable: boolean) =>
  ({ purpose: 'Sending X', method: 'POST', path: '/{accountId}', isRepeatable }) as const

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

test('a 5xx of a call that is not repeatable is not retryable', () => {
  const error = new ApiError(callOf(false), { status: 500 })

  expect(error.isRetryable).toBe(false)
  expect(error.message).toBe(
    'Sending X failed: POST /{accountId} answered 500. Its outcome is unknown, and a repeat may act twice.',
  )
})

test.each([
  ['ECONNREFUSED', true, true],
  ['UND_ERR_CONNECT_TIMEOUT', true, true],
  ['ECONNRESET', true, false],
  ['UND_ERR_CLOSED', false, false],
])('%s is retryable: %j, for a message: %j', (code, repeatable, message) => {
  const cause = Object.assign(new Error('reason'), { code })

  expect(new ConnectionError(callOf(true), cause).isRetryable).toBe(repeatable)
  expect(new ConnectionError(callOf(false), cause).isRetryable).toBe(message)
})

test('a connection error without words tells its code', () => {
  const cause = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' })

  expect(new ConnectionError(callOf(true), cause).message).toBe(
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
