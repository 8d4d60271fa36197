import { isClientError } from '@sendbox/client'
import { expect, test } from 'vitest'
import { nothingLeft, startFaultWorld } from './world.ts'

const settings = { magicValues: true } as const

/** A word in a text, the code that it leads to, and how often the text is published. */
const magicTexts: readonly (readonly [string, string | undefined, number])[] = [
  ['sendbox:status=503', 'API_ERROR', 0],
  ['sendbox:delay=10', undefined, 1],
  ['sendbox:reset', 'CONNECTION_FAILED', 0],
  ['sendbox:hang', 'TIMEOUT', 0],
  ['sendbox:truncate', 'CONNECTION_FAILED', 1],
  ['sendbox:malformed', 'INVALID_RESPONSE', 1],
  ['sendbox:lose-answer', 'CONNECTION_FAILED', 1],
  ['sendbox:apply-twice', undefined, 2],
  ['sendbox:nothing-known', undefined, 1],
]

test.each(magicTexts)(
  'the text "%s" ends in %s and is published %i times',
  async (text, code, times) => {
    await using world = await startFaultWorld({
      settings,
      ...(code === 'TIMEOUT' && { headersTimeoutMs: 1000 }),
    })
    const { account, conversation } = world

    const error: unknown = await conversation.sendText(text).then(
      () => undefined,
      (cause: unknown) => cause,
    )

    expect(isClientError(error) ? [error.code, error.outcomeUnknown] : error).toEqual(
      code === undefined ? undefined : [code, true],
    )
    expect(account.requests.list({ event: 'ContentEvent' })).toHaveLength(1)
    const view = await account.conversations.get(conversation.conversationId)
    expect(view?.dialogs[0]?.transcript).toHaveLength(times)
    expect(await world.close()).toEqual(nothingLeft)
  },
)

test('a consumer whose id asks for 429 is refused after three repeats, and another one is served', async () => {
  await using world = await startFaultWorld({ settings })
  const { client, clock, conversation } = world
  const { conversationId } = conversation
  const refused = client.conversation(conversationId, { consumer: 'yan sendbox:status=429' })

  const error: unknown = await refused.sendText('Hello').catch((cause: unknown) => cause)

  expect(error).toMatchObject({ code: 'API_ERROR', status: 429, attempts: 4, isRetryable: true })
  expect(clock.waitsMs).toEqual([1_000, 2_000, 4_000])
  expect(await conversation.sendText('Hello')).toEqual({ sequence: 0 })
})
