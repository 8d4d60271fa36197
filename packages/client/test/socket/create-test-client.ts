import { type Client, type ClientOptions, createClient } from '../../src/index.ts'
import type { StubService } from './start-stub-service.ts'

export const clientSecret = 'secret-that-never-shows'

/** A client of the stub's account `12345678`. */
export const createTestClient = (
  service: Pick<StubService, 'url'>,
  options: Partial<ClientOptions> = {},
): Client =>
  createClient({
    accountId: '12345678',
    clientId: 'sendbox-client',
    clientSecret,
    domainApiUrl: service.url,
    ...options,
  })

/** A text message as a caller of `send` writes it, without an id. */
export const textRequest = {
  kind: 'req',
  type: 'ms.PublishEvent',
  body: {
    dialogId: 'd',
    event: { type: 'ContentEvent', contentType: 'text/plain', message: 'Hello' },
  },
} as const

/** What a promise rejects with; a promise that is kept fails the test. */
export const rejectionOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    value => Promise.reject(new Error(`expected a rejection, got ${JSON.stringify(value)}`)),
    (error: unknown) => error,
  )
