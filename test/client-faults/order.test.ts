import { expect, test } from 'vitest'
import { textIn } from '../client-agreement/check.ts'
import { type FaultWorld, nothingLeft, startFaultWorld } from './world.ts'

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

const textsOf = async ({ account, conversation }: FaultWorld): Promise<unknown[]> => {
  const view = await account.conversations.get(conversation.conversationId)
  return (view?.dialogs[0]?.transcript ?? []).map(
    ({ event }) => 'message' in event && event.message,
  )
}

/** The texts of the conversation in the order in which they reached the mock. */
const arrivedAt = ({ account, conversation: { conversationId } }: FaultWorld): unknown[] =>
  account.requests.list({ conversationId, event: 'ContentEvent' }).map(({ body }) => textIn(body))

/** Makes the first call hang, fills the queue behind it with 1,000 texts, and tries one more. */
async function fillQueue(world: FaultWorld) {
  const { account, conversation } = world
  account.faults.add({ match: { event: 'ContentEvent', nth: 1 }, action: { hang: true } })
  const leaving = new AbortController()
  const first = conversation
    .sendText('first', { signal: leaving.signal })
    .catch((error: unknown) => error)
  await account.requests.waitFor({ match: { event: 'ContentEvent' } })
  const waiting = upTo(1_000).map(index => conversation.sendText(`text ${index}`))
  const refused: unknown = await conversation.sendText('too many').catch((error: unknown) => error)
  return { first, leaving, waiting, refused }
}

test('1,000 texts that wait behind a call leave in the order of their calls, and one more is refused', async () => {
  await using world = await startFaultWorld()
  const { client, conversation } = world
  const { first, leaving, waiting, refused } = await fillQueue(world)

  expect(refused).toMatchObject({
    code: 'QUEUE_FULL',
    maxWaiting: 1_000,
    isRetryable: true,
    outcomeUnknown: false,
    attempts: 0,
  })
  const other = await client.consumer('yan').openConversation()
  expect(await other.sendText('in the meantime')).toEqual({ sequence: 0 })
  expect(arrivedAt(world)).toEqual(['first'])

  leaving.abort()
  expect(await first).toMatchObject({ code: 'ABORTED', outcomeUnknown: true })
  const sequences = (await Promise.all(waiting)).map(({ sequence }) => sequence)

  expect(sequences).toEqual(upTo(1_000))
  expect(await textsOf(world)).toEqual(upTo(1_000).map(index => `text ${index}`))
  expect(arrivedAt(world)).toEqual(['first', ...upTo(1_000).map(index => `text ${index}`)])
  expect(await conversation.sendText('once there is room')).toEqual({ sequence: 1_000 })
  expect(await world.close()).toEqual(nothingLeft)
})

test('calls whose time is over while they wait leave the queue, and those behind them keep their order', async () => {
  await using world = await startFaultWorld()
  const { account, clock, conversation } = world
  account.faults.add({ match: { event: 'ContentEvent', nth: 1 }, action: { hang: true } })
  const first = conversation.sendText('first').catch((error: unknown) => error)
  await account.requests.waitFor({ match: { event: 'ContentEvent' } })
  const late = conversation.sendText('late', { timeoutMs: 70_000 }).catch((error: unknown) => error)
  const others = ['second', 'third'].map(text =>
    conversation.sendText(text, { timeoutMs: 300_000 }),
  )

  clock.expire(70_000)
  expect(await late).toMatchObject({ code: 'TIMEOUT', outcomeUnknown: false, attempts: 0 })
  clock.expire(60_000)
  expect(await first).toMatchObject({ code: 'TIMEOUT', outcomeUnknown: true })

  expect(await Promise.all(others)).toEqual([{ sequence: 0 }, { sequence: 1 }])
  expect(await textsOf(world)).toEqual(['second', 'third'])
  expect(await world.close()).toEqual(nothingLeft)
})
