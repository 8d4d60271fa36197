import { once } from 'node:events'
import { createServer } from 'node:net'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import {
  type Client,
  ClientError,
  type ClientErrorCode,
  type ClientOptions,
  isClientError,
} from '../../../src/index.ts'
import {
  alice,
  clientSecret,
  createTestClient,
  rejectionOf,
  textRequest,
} from '../create-test-client.ts'
import { defaultAppJwt, type StubAnswer, startStubService } from '../start-stub-service.ts'

/** A call that fails, and the properties of its error. */
interface Row {
  readonly name: string
  readonly options?: Partial<ClientOptions>
  readonly answer?: (url: string) => StubAnswer | undefined
  readonly act: (client: Client) => Promise<unknown>
  readonly isRetryable: boolean
  readonly outcomeUnknown: boolean
  readonly sends: number
}

const send = (client: Client): Promise<unknown> => client.send(textRequest, alice)
const at =
  (part: string, answer: StubAnswer) =>
  (url: string): StubAnswer | undefined =>
    url.includes(part) ? answer : undefined
const refused = { error: 'invalid_client', error_description: 'Unknown client' }

/** A row per code; a missing one does not compile. */
const rows: Readonly<Record<ClientErrorCode, Row>> = {
  API_ERROR: {
    name: 'ApiError',
    answer: at('/send', { status: 500 }),
    act: send,
    isRetryable: false,
    outcomeUnknown: true,
    sends: 1,
  },
  TOKEN_REFUSED: {
    name: 'TokenError',
    answer: at('/app/token', { status: 401, body: refused }),
    act: send,
    isRetryable: false,
    outcomeUnknown: false,
    sends: 0,
  },
  INVALID_REQUEST: {
    name: 'InvalidRequestError',
    act: client => client.conversation('c', alice).sendText(5 as never),
    isRetryable: false,
    outcomeUnknown: false,
    sends: 0,
  },
  INVALID_RESPONSE: {
    name: 'InvalidResponseError',
    answer: at('/send', { status: 200, body: {} }),
    act: send,
    isRetryable: false,
    outcomeUnknown: true,
    sends: 1,
  },
  CONNECTION_FAILED: {
    name: 'ConnectionError',
    answer: at('/send', { cut: 'midway' }),
    act: send,
    isRetryable: false,
    outcomeUnknown: true,
    sends: 1,
  },
  TIMEOUT: {
    name: 'TimeoutError',
    options: { headersTimeoutMs: 20 },
    answer: at('/send', { hang: 'before' }),
    act: send,
    isRetryable: false,
    outcomeUnknown: true,
    sends: 1,
  },
  ABORTED: {
    name: 'AbortedError',
    act: client => client.send(textRequest, { ...alice, signal: AbortSignal.abort() }),
    isRetryable: false,
    outcomeUnknown: false,
    sends: 0,
  },
  QUEUE_FULL: {
    name: 'QueueFullError',
    options: { maxWaiting: 1 },
    act: async client => {
      const sends = [send(client), send(client), send(client)]
      return Promise.all([rejectionOf(sends[2] ?? send(client)), sends[0], sends[1]]).then(
        ([error]) => Promise.reject(error),
      )
    },
    isRetryable: true,
    outcomeUnknown: false,
    sends: 2,
  },
  CLIENT_CLOSED: {
    name: 'ClientClosedError',
    act: async client => {
      await client.close()
      return send(client)
    },
    isRetryable: false,
    outcomeUnknown: false,
    sends: 0,
  },
  FILE_REFUSED: {
    name: 'FileRefusedError',
    act: client => client.conversation('c', alice).sendFile(Buffer.from('text')),
    isRetryable: false,
    outcomeUnknown: false,
    sends: 0,
  },
}

test.each(Object.entries(rows))('%s has its class, its claims and no secret', async (code, row) => {
  await using service = await startStubService()
  await using client = createTestClient(service, row.options)
  service.answer(({ url }) => row.answer?.(url))

  const error = await rejectionOf(row.act(client))

  const { name, isRetryable, outcomeUnknown } = row
  expect(error).toMatchObject({ name, code, isRetryable, outcomeUnknown })
  expect(error).toBeInstanceOf(ClientError)
  expect(isClientError(error)).toBe(true)
  expect(error).toHaveProperty('message', expect.stringMatching(/ failed: .+\. .+\.$/))
  const shown = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error)
  expect(shown).not.toMatch(/eyJ|jws-of/)
  expect(shown).not.toContain(clientSecret)
  expect(service.requestsTo('/send')).toHaveLength(row.sends)
})

test('bytes that are no HTTP do not show in the error, though they hold a token', async () => {
  const server = createServer(socket => {
    socket.on('error', () => undefined)
    socket.end(`${defaultAppJwt} is no answer\r\n\r\n`)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await using client = createTestClient({ url: `http://127.0.0.1:${port}` })

  const error = await rejectionOf(send(client))

  expect(error).toMatchObject({ code: 'CONNECTION_FAILED', cause: { name: 'HTTPParserError' } })
  expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/eyJ/)
  await client.close()
  server.close()
})
