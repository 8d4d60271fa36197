import { isClientError } from '@sendbox/client'
import type { FaultInput } from '@sendbox/mock-server'
import { expect, test, vi } from 'vitest'
import { type FaultedCall, faultedCalls } from './calls.ts'
import { nothingLeft, startFaultWorld } from './world.ts'

// Calls that wait for a time-out would otherwise wait for one another.
vi.setConfig({ maxConcurrency: 50 })

/** A fault that passes, and what a call waits for before its second attempt. */
interface PassingFault {
  readonly action: FaultInput['action']
  readonly waitsMs: readonly number[]
  /** Whether the first attempt was processed. */
  readonly acts: boolean
  /** True if the first attempt may have been processed, as far as the client knows. */
  readonly mayHaveActed: boolean
}

const refusing = { acts: false, mayHaveActed: false } as const
const failing = { waitsMs: [5_000], mayHaveActed: true } as const

const passingFaults: Readonly<Record<string, PassingFault>> = {
  'status 401': { action: { status: 401 }, waitsMs: [], ...refusing },
  'status 429': { action: { status: 429 }, waitsMs: [1_000], ...refusing },
  'status 503': { action: { status: 503 }, acts: false, ...failing },
  'a reset': { action: { reset: true }, acts: false, ...failing },
  'no answer': { action: { hang: true }, acts: false, ...failing },
  'half an answer': { action: { truncate: true }, acts: true, ...failing },
  'a lost answer': { action: { loseAnswer: true }, acts: true, ...failing },
}

/** One call, and a fault that acts on its first attempt. */
interface Case {
  readonly fault: PassingFault
  readonly call: FaultedCall
}

const casesOf = (isMeant: (fault: PassingFault, call: FaultedCall) => boolean) =>
  Object.entries(passingFaults).flatMap(([name, fault]) =>
    Object.entries(faultedCalls).flatMap(([callName, call]): [string, Case][] =>
      isMeant(fault, call) ? [[`${name}: ${callName}`, { fault, call }]] : [],
    ),
  )

/** Makes a call whose first attempt meets the fault. */
async function startCase({ fault, call }: Case) {
  const world = await startFaultWorld(fault.action.hang ? { headersTimeoutMs: 1000 } : {})
  const { account, conversation } = world
  await call.arrange?.(account, conversation.conversationId)
  account.faults.add({ match: call.match, action: fault.action, times: 1 })
  return world
}

const isTokenFault = (fault: PassingFault, call: FaultedCall): boolean =>
  fault.action.status === 401 && call === faultedCalls['sendText, its AppJWT']

test.concurrent.each(
  casesOf(
    (fault, call) => !(isTokenFault(fault, call) || (call.effect === 'adds' && fault.mayHaveActed)),
  ),
)('after a fault that passes, the second attempt does it once: %s', async (_, passing) => {
  await using world = await startCase(passing)
  const { call, fault } = passing

  expect(await call.act(world)).toEqual(call.result?.(1))

  expect(world.clock.waitsMs).toEqual(fault.waitsMs)
  expect(world.account.requests.list(call.match)).toHaveLength(2)
  expect((await call.countDone?.(world)) ?? 1).toBe(1)
  expect(await world.close()).toEqual(nothingLeft)
})

const addingCases = casesOf((fault, call) => call.effect === 'adds' && fault.mayHaveActed)

test.concurrent.each(addingCases)(
  'what may add twice is left to the caller, who may go on: %s',
  async (_, passing) => {
    await using world = await startCase(passing)
    const { call, fault } = passing

    const error: unknown = await call.act(world).catch((cause: unknown) => cause)

    expect(isClientError(error) && error.outcomeUnknown).toBe(true)
    expect(await call.countDone?.(world)).toBe(fault.acts ? 1 : 0)
    await world.conversation.sendText('And on it goes')
    expect(world.clock.waitsMs).toEqual([])
    expect(await world.close()).toEqual(nothingLeft)
  },
)

test.concurrent.each(
  addingCases.filter(
    ([, { call, fault }]) => !(call === faultedCalls.openConversation && fault.acts),
  ),
)('a caller who accepts two of it gets one or two: %s', async (_, passing) => {
  await using world = await startCase(passing)
  const { call, fault } = passing
  const times = fault.acts ? 2 : 1

  expect(await call.act(world, { retryNonIdempotent: true })).toEqual(call.result?.(times))

  expect(world.clock.waitsMs).toEqual([5_000])
  expect(await call.countDone?.(world)).toBe(times)
  expect(await world.close()).toEqual(nothingLeft)
})

test('a second conversation that is refused leaves open whether the first attempt opened one', async () => {
  const call = faultedCalls.openConversation
  await using world = await startFaultWorld()
  world.account.faults.add({ match: call.match, action: { loseAnswer: true }, times: 1 })

  const error: unknown = await call
    .act(world, { retryNonIdempotent: true })
    .catch((cause: unknown) => cause)

  expect(error).toMatchObject({
    code: 'API_ERROR',
    errorCode: 40057,
    isRetryable: false,
    outcomeUnknown: true,
    attempts: 2,
  })
  expect(await call.countDone(world)).toBe(1)
})

test('a repeat that finds no host any more leaves open whether the first attempt published a text', async () => {
  await using world = await startFaultWorld()
  const { account, clock, conversation } = world
  await conversation.setProfile({})
  account.faults.add({ match: { event: 'ContentEvent' }, action: { loseAnswer: true } })
  account.faults.add({ match: { operation: 'baseUris' }, action: { status: 404 } })

  const error: unknown = await conversation
    .sendText('Hello', { retryNonIdempotent: true })
    .catch((cause: unknown) => cause)

  expect(error).toMatchObject({
    code: 'CONNECTION_FAILED',
    isRetryable: true,
    outcomeUnknown: true,
    sent: { operation: 'send', consumer: 'zoe', event: { message: 'Hello' } },
  })
  expect(clock.waitsMs).toEqual([5_000])
  expect(account.requests.list({ event: 'ContentEvent' })).toHaveLength(1)
  expect(await faultedCalls.sendText.countDone(world)).toBe(1)
})
