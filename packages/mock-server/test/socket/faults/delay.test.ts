import { setImmediate } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startConsumerSession, text } from '../consumer-session.ts'
import {
  openRawCall,
  type RawAnswer,
  readRawAnswer,
  textsOf,
  toRawPublish,
  untilActed,
} from '../raw-call.ts'

/** Fakes the timers of delays; `vi.advanceTimersByTime` runs them. */
function stopTimers(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
}

/** A session with a SEND call that is delayed by 1,000 ms, and the other actions of its fault. */
async function startDelayedCall(action: object = {}) {
  stopTimers()
  const session = await startConsumerSession()
  const account = session.server.account()
  account.clock.freeze()
  account.faults.add({ match: { operation: 'send' }, action: { delayMs: 1000, ...action } })
  const { headers, ...call } = toRawPublish(session, text('hello'))
  const socket = openRawCall({ ...call, headers: { ...headers, Connection: 'close' } })
  const answer = readRawAnswer(socket)
  await untilActed(account)
  return { session, socket, answer, texts: () => textsOf(session) }
}

const status = ({ text: bytes }: RawAnswer) => bytes.split('\r\n')[0]

test('processes a delayed call when its wall time is over, though the clock stands still', async () => {
  const { session, answer, texts } = await startDelayedCall()
  await using _ = session
  expect(await texts()).toEqual([0])
  vi.advanceTimersByTime(999)
  expect([vi.getTimerCount(), await texts()]).toEqual([1, [0]])
  vi.advanceTimersByTime(1)
  const { text: bytes } = await answer
  expect(bytes).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  expect(bytes).toContain('\r\nx-sendbox-fault: fault-1\r\n')
  expect(bytes).not.toContain('x-sendbox-rules')
  expect(await texts()).toEqual([1, 'hello'])
})

test('delays before anything else that the fault does', async () => {
  const { session, answer, texts } = await startDelayedCall({ loseAnswer: true, applyTwice: true })
  await using _ = session
  expect(await texts()).toEqual([0])
  vi.advanceTimersByTime(1000)
  expect(await answer).toEqual({ text: '', end: 'FIN' })
  expect(await texts()).toEqual([2, 'hello', 'hello'])
})

test('answers a delayed status without processing the call', async () => {
  const { session, answer, texts } = await startDelayedCall({ status: 500 })
  await using _ = session
  vi.advanceTimersByTime(1000)
  expect(status(await answer)).toBe('HTTP/1.1 500 Internal Server Error')
  expect(await texts()).toEqual([0])
})

test('processes a delayed call also where its caller has gone', async () => {
  const { session, socket, answer, texts } = await startDelayedCall()
  await using _ = session
  socket.destroy()
  await answer
  vi.advanceTimersByTime(1000)
  while ((await texts()).length === 1) await setImmediate()
  expect(await texts()).toEqual([1, 'hello'])
})

test('lets delayed calls go on at once when the mock closes', async () => {
  const { session, answer, texts } = await startDelayedCall()
  await session.server.close()
  expect(status(await answer)).toBe('HTTP/1.1 200 OK')
  expect([vi.getTimerCount(), await texts()]).toEqual([0, [1, 'hello']])
})

test('calls delayed calls off when everything is reset', async () => {
  const { session, answer } = await startDelayedCall()
  await using _ = session
  await session.server.reset()
  expect(await answer).toEqual({ text: '', end: 'FIN' })
  const { conversations } = session.server.account()
  await conversations.open('consumer-1', session.conversationId)
  vi.advanceTimersByTime(1000)
  expect([vi.getTimerCount(), await textsOf(session)]).toEqual([0, [0]])
})
