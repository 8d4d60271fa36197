import { expect, test } from 'vitest'
import type { FaultInput } from '../../../src/index.ts'
import { startConsumerSession, text } from '../consumer-session.ts'
import { openRawCall, rawCall, readRawAnswer, toRawPublish, untilActed } from '../raw-call.ts'

const actions: readonly FaultInput['action'][] = [
  { status: 503 },
  { reset: true },
  { truncate: true },
  { malformed: true },
  { loseAnswer: true },
  { applyTwice: true },
  { delayMs: 0 },
]

test('the journal names the fault of a call and how it ended, and no rules', async () => {
  await using session = await startConsumerSession()
  const { faults, requests } = session.server.account()
  for (const action of actions) {
    faults.clear()
    faults.add({ action })
    await rawCall(toRawPublish(session, text('hello')))
  }
  expect(requests.list().map(({ status, rules, fault }) => [status, rules, fault])).toEqual([
    [503, [], { faultId: 'fault-1', delivery: 'whole' }],
    [undefined, [], { faultId: 'fault-2', delivery: 'reset' }],
    [200, [], { faultId: 'fault-3', delivery: 'truncated' }],
    [200, [], { faultId: 'fault-4', delivery: 'malformed' }],
    [200, [], { faultId: 'fault-5', delivery: 'lost' }],
    [200, [], { faultId: 'fault-6', delivery: 'whole' }],
    [200, [], { faultId: 'fault-7', delivery: 'whole' }],
  ])
})

test('the journal has a call that hangs, and not one that a reset called off', async () => {
  await using session = await startConsumerSession()
  const account = session.server.account()
  account.faults.add({ match: { nth: 1 }, action: { delayMs: 1_000_000 } })
  const delayed = readRawAnswer(openRawCall(toRawPublish(session, text('delayed'))))
  await untilActed(account)
  account.faults.add({ match: { nth: 1 }, action: { hang: true } })
  const hung = readRawAnswer(openRawCall(toRawPublish(session, text('hung'))))
  await untilActed(account)
  const [entry, ...others] = await account.requests.waitFor({})
  expect([entry?.fault, others]).toEqual([{ faultId: 'fault-2', delivery: 'hang' }, []])
  await session.server.reset()
  expect(await Promise.all([delayed, hung])).toEqual([
    { text: '', end: 'FIN' },
    { text: '', end: 'FIN' },
  ])
  expect(account.requests.list()).toEqual([])
})
