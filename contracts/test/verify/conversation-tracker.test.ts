import { expect, test } from 'vitest'
import type { TargetResponse, TraceTarget } from '../../src/traces/target.ts'
import { toCall, trackConversations } from '../../src/verify/conversation-tracker.ts'

/** A target whose batches open a conversation, with a given response or error for each close. */
const createTarget = (closes: Readonly<Record<string, TargetResponse | Error>>) => {
  const closed: string[] = []
  const ids = Object.keys(closes)
  const target: TraceTarget = {
    capabilities: ['wire'],
    variables: {},
    async call(call) {
      if (call.operation === 'conversation') {
        const body = [{ body: {} }, { body: { conversationId: ids.shift() } }]
        return [{ response: { status: 200, body }, commit: () => undefined }]
      }
      const { conversationId } = (call.body as { body: { conversationId: string } }).body
      closed.push(`${conversationId} for ${call.consumer}`)
      const response = closes[conversationId]
      if (response === undefined || response instanceof Error)
        throw response ?? new Error('unknown')
      return [{ response, commit: () => undefined }]
    },
    act: () => Promise.reject(new Error('no agent')),
    show: () => Promise.reject(new Error('no control API')),
    nextNotification: () => Promise.reject(new Error('no webhooks')),
  }
  return { target, closed }
}

const refusal = (errorCode: number): TargetResponse => ({
  status: 400,
  body: { body: { errorCode } },
})

test('each conversation is closed for its consumer, and those that may still be open are told', async () => {
  const { target, closed } = createTarget({
    open: { status: 200, body: {} },
    alreadyClosed: refusal(40054),
    refused: refusal(40052),
    lost: new Error('ECONNRESET'),
  })
  const own = trackConversations(target)
  for (const consumer of ['a', 'b', 'c', 'd'])
    await own.target.call(toCall('conversation', [], consumer))
  expect(await own.closeAll()).toEqual(['refused', 'lost'])
  expect(closed).toEqual(['open for a', 'alreadyClosed for b', 'refused for c', 'lost for d'])
  expect(await own.closeAll()).toEqual([])
})

test('what a batch opened that was sent another way is closed too', async () => {
  const { target, closed } = createTarget({ other: { status: 200, body: {} } })
  const own = trackConversations(target)
  own.track([{ body: { conversationId: 'other' } }], 'consumer')
  expect(await own.closeAll()).toEqual([])
  expect(closed).toEqual(['other for consumer'])
})
