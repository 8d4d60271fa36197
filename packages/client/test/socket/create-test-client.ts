import { type Client, type ClientOptions, createClient } from '../../src/index.ts'
import { createTestClock } from '../create-test-clock.ts'
import type { StubService } from './start-stub-service.ts'

export const clientSecret = 'secret-that-never-shows'

/** A client of the stub's account `12345678`, with immediate retries and no jitter. */
export function createTestClient(
  service: Pick<StubService, 'url'>,
  options: Partial<ClientOptions> = {},
): Client {
  const { now, timers } = createTestClock()
  return createClient({
    accountId: '12345678',
    clientId: 'sendbox-client',
    clientSecret,
    domainApiUrl: service.url,
    now,
    timers,
    random: () => 0,
    ...options,
  })
}

/** A text message to a dialog, without a request id. */
export const textTo = (dialogId: string, message = 'Hello') =>
  ({
    kind: 'req',
    type: 'ms.PublishEvent',
    body: { dialogId, event: { type: 'ContentEvent', contentType: 'text/plain', message } },
  }) as const

export const textRequest = textTo('d')

/** A close: an idempotent request. */
export const closeRequest = {
  kind: 'req',
  type: 'cm.UpdateConversationField',
  body: {
    conversationId: 'd',
    conversationField: { field: 'ConversationStateField', conversationState: 'CLOSE' },
  },
} as const

export const alice = { consumer: 'alice' } as const

/** Resolves with the rejection of a promise; fails if the promise resolves. */
export const rejectionOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    value => Promise.reject(new Error(`expected a rejection, got ${JSON.stringify(value)}`)),
    (error: unknown) => error,
  )
