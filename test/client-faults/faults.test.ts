import { isClientError } from '@sendbox/client'
import { expect, test, vi } from 'vitest'
import { type FaultedCall, type FaultedCallName, faultedCalls } from './calls.ts'
import { watchRejections } from './leaks.ts'
import {
  type FaultCode,
  type FaultEnd,
  type FaultRow,
  faultRows,
  rowsByAction,
  toEnd,
} from './rows.ts'
import { nothingLeft, startFaultWorld } from './world.ts'

// Calls that wait for a time-out would otherwise wait for one another.
vi.setConfig({ maxConcurrency: 50 })

const rejections = watchRejections()

/** One call under one fault. */
interface Case {
  readonly row: FaultRow
  readonly callName: FaultedCallName
  readonly call: FaultedCall
}

const cases = Object.entries(faultRows).flatMap(([fault, row]) =>
  Object.entries(faultedCalls).map(([callName, call]): [string, Case] => [
    `${fault}: ${callName}`,
    { row, callName: callName as FaultedCallName, call },
  ]),
)

/** The outcome of a call; of an error its properties, and the id by which the caller finds the request. */
const toOutcome = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    result => ({ result }),
    (error: unknown) => {
      if (!isClientError(error)) throw error
      const { code, isRetryable, outcomeUnknown, attempts, sent } = error
      return { code, isRetryable, outcomeUnknown, attempts, requestId: sent?.requestId }
    },
  )

/** The id of the request that adds something: of a batch it is the last one. */
function requestIdIn(body: unknown): unknown {
  const requests: readonly unknown[] = Array.isArray(body) ? body : [body]
  return (requests.at(-1) as { readonly id?: unknown } | undefined)?.id
}

function toExpectedOutcome(end: FaultEnd, call: FaultedCall, body: unknown): object {
  const { code, isRetryable, outcomeUnknown, attempts } = end
  if (code === undefined) return { result: end.result ?? call.result?.(end.done) }
  const requestId = outcomeUnknown ? requestIdIn(body) : undefined
  return { code, isRetryable, outcomeUnknown, attempts, requestId }
}

/** The count that the mock shows afterwards: a step of a call acts only if the call continues. */
function toExpectedCount({ code, done }: FaultEnd, { effect, countDone }: FaultedCall) {
  if (countDone === undefined) return undefined
  if (effect === 'step') return code === undefined ? 1 : 0
  return effect === 'sets' ? Math.min(1, done) : done
}

test.concurrent.each(cases)('%s', async (_, { row, callName, call }) => {
  const end = toEnd(row, callName, call.effect)
  const { headersTimeoutMs } = row
  await using world = await startFaultWorld({
    ...(headersTimeoutMs !== undefined && { headersTimeoutMs }),
  })
  const { account, clock, conversation } = world
  await call.arrange?.(account, conversation.conversationId)
  account.faults.add({ match: call.match, action: row.action })

  const outcome = await toOutcome(call.act(world))

  const reached = await account.requests.waitFor({
    match: call.match,
    count: end.attempts,
    timeoutMs: 10_000,
  })
  expect(outcome).toEqual(toExpectedOutcome(end, call, reached[0]?.body))
  expect(clock.waitsMs).toEqual(end.waitsMs)
  expect(reached).toHaveLength(end.attempts)
  expect(await call.countDone?.(world)).toBe(toExpectedCount(end, call))
  expect(await world.close()).toEqual(nothingLeft)
  expect(world.connections).toBeGreaterThan(0)
})

test('every action and every code of a fault has a row', () => {
  const codes = cases.flatMap(
    ([, { row, callName, call }]) => toEnd(row, callName, call.effect).code ?? [],
  )
  const faultCodes: Readonly<Record<FaultCode, true>> = {
    API_ERROR: true,
    TOKEN_REFUSED: true,
    INVALID_RESPONSE: true,
    CONNECTION_FAILED: true,
    TIMEOUT: true,
  }
  expect(new Set(codes)).toEqual(new Set(Object.keys(faultCodes)))
  for (const [action, names] of Object.entries(rowsByAction))
    for (const name of names) expect(faultRows[name].action).toHaveProperty(action)
  expect(Object.values(rowsByAction).every(names => names.length > 0)).toBe(true)
})

test('no rejection of all these calls went unhandled', async () => {
  expect(await rejections.end()).toEqual([])
})
