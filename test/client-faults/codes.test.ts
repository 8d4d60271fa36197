import { type ClientErrorCode, type ClientOptions, isClientError } from '@sendbox/client'
import { expect, test } from 'vitest'
import type { FaultCode } from './rows.ts'
import { type FaultWorld, nothingLeft, startFaultWorld } from './world.ts'

/** How a call comes to an error that no answer of the service makes, and what the error claims. */
interface Row {
  readonly options?: Partial<ClientOptions>
  readonly act: (world: FaultWorld) => Promise<unknown>
  readonly claims: Readonly<Record<string, unknown>>
  /** How many texts reached the mock, and how many of them it published. */
  readonly reached: number
  readonly published: number
}

const nothingSent = { outcomeUnknown: false, sent: undefined, attempts: 0 } as const
const maybeSent = {
  isRetryable: false,
  outcomeUnknown: true,
  attempts: 1,
  sent: { operation: 'send', consumer: 'zoe' },
} as const

/** Makes a call that hangs in the mock, and lets it be. */
async function startHangingText({ account, conversation }: FaultWorld, signal?: AbortSignal) {
  account.faults.add({ match: { event: 'ContentEvent' }, action: { hang: true } })
  const call = conversation.sendText('Hello', { signal })
  await account.requests.waitFor({ match: { event: 'ContentEvent' } })
  return { call }
}

/** A row for every code that the table of faults lacks; the compiler asks for one when a code is added. */
const rows: Readonly<Record<Exclude<ClientErrorCode, Exclude<FaultCode, 'TIMEOUT'>>, Row>> = {
  TIMEOUT: {
    act: async world => {
      const { call } = await startHangingText(world)
      world.clock.expire(60_000)
      return call
    },
    claims: { ...maybeSent, phase: 'call' },
    reached: 1,
    published: 0,
  },
  ABORTED: {
    act: async world => {
      const leaving = new AbortController()
      const { call } = await startHangingText(world, leaving.signal)
      leaving.abort('the user left')
      return call
    },
    claims: { ...maybeSent, cause: 'the user left' },
    reached: 1,
    published: 0,
  },
  QUEUE_FULL: {
    options: { maxWaiting: 1 },
    act: async ({ conversation }) => {
      const taken = [conversation.sendText('one'), conversation.sendText('two')]
      const error: unknown = await conversation.sendText('three').catch((cause: unknown) => cause)
      await Promise.all(taken)
      throw error
    },
    claims: { ...nothingSent, isRetryable: true, maxWaiting: 1 },
    reached: 2,
    published: 2,
  },
  CLIENT_CLOSED: {
    act: async ({ client, conversation }) => {
      await conversation.sendText('Hello')
      await client.close()
      return conversation.sendText('too late')
    },
    claims: { ...nothingSent, isRetryable: false },
    reached: 1,
    published: 1,
  },
  INVALID_REQUEST: {
    act: ({ conversation }) => conversation.accept([-1]),
    claims: { ...nothingSent, isRetryable: false },
    reached: 0,
    published: 0,
  },
  FILE_REFUSED: {
    act: ({ conversation }) => conversation.sendFile(Buffer.from('no picture')),
    claims: { ...nothingSent, isRetryable: false, fault: 'unknown-type' },
    reached: 0,
    published: 0,
  },
}

test.each(Object.entries(rows))(
  '%s says what the mock holds, and leaves nothing',
  async (code, row) => {
    await using world = await startFaultWorld(row.options)
    const { account, conversation } = world

    const error: unknown = await row.act(world).catch((cause: unknown) => cause)

    expect(isClientError(error)).toBe(true)
    expect(error).toMatchObject({ code, ...row.claims })
    expect(account.requests.list({ event: 'ContentEvent' })).toHaveLength(row.reached)
    const view = await account.conversations.get(conversation.conversationId)
    expect(view?.dialogs[0]?.transcript).toHaveLength(row.published)
    expect(await world.close()).toEqual(nothingLeft)
  },
)

test('a mock that is gone fails a call before it is sent, which may be made again', async () => {
  const { conversation, clock, stopMock, close } = await startFaultWorld()
  await stopMock()

  const error: unknown = await conversation.sendText('Hello').catch((cause: unknown) => cause)

  expect(error).toMatchObject({
    code: 'CONNECTION_FAILED',
    isRetryable: true,
    outcomeUnknown: false,
    attempts: 4,
  })
  expect(clock.waitsMs).toEqual([5_000, 10_000, 15_000])
  expect(await close()).toEqual(nothingLeft)
})
