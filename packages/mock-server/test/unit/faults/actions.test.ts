import { expect, expectTypeOf, test } from 'vitest'
import {
  type CallFaultRow,
  callFaultActions,
  type FaultAction,
} from '../../../src/faults/call-fault.ts'
import { flag, rowsOf } from '../../../src/faults/fault.ts'
import {
  type WebhookFaultInput,
  type WebhookFaultRow,
  webhookFaultActions,
} from '../../../src/faults/webhook-fault.ts'
import { writers } from '../../../src/http/response.ts'
import { type WireOutcome, wireOutcomes } from '../../../src/journal/record.ts'

test('an action of calls that nobody implements does not compile', () => {
  const isRow = (row: CallFaultRow): CallFaultRow => row
  // @ts-expect-error: it has no phase
  isRow({ schema: flag })
  // @ts-expect-error: nothing is done before the call
  isRow({ schema: flag, phase: 'before' })
  // @ts-expect-error: nothing is done instead of the call
  isRow({ schema: flag, phase: 'instead', wireOutcome: 'exploded' })
  // @ts-expect-error: the call ends as any other
  isRow({ schema: flag, phase: 'after' })
  // @ts-expect-error: the journal does not know this outcome
  isRow({ schema: flag, phase: 'after', wireOutcome: 'exploded' })
  // @ts-expect-error: nobody writes this outcome
  const written: Readonly<Record<WireOutcome | 'exploded', unknown>> = writers
  expect(Object.keys(written).toSorted()).toEqual(wireOutcomes.toSorted())
})

test('each wire outcome is that of an action', () => {
  const outcomes = Object.values(callFaultActions).flatMap(row =>
    'wireOutcome' in row ? [row.wireOutcome] : [],
  )
  expect(outcomes.toSorted()).toEqual(wireOutcomes.toSorted())
})

test('an action of webhooks that nobody implements does not compile', () => {
  const isRow = (row: WebhookFaultRow): WebhookFaultRow => row
  // @ts-expect-error: it acts on nothing
  isRow({ schema: flag, phase: 'after' })
  // @ts-expect-error: nothing is done
  isRow({ schema: flag, on: 'delivery', phase: 'before' })
  // @ts-expect-error: an attempt has no outcome
  isRow({ schema: flag, on: 'attempt', phase: 'instead' })
  expect(isRow(webhookFaultActions.lose)).toBe(webhookFaultActions.lose)
})

test('the actions that a fault may have are those of the tables', () => {
  expectTypeOf<keyof FaultAction>().toEqualTypeOf<keyof typeof callFaultActions>()
  expectTypeOf<keyof WebhookFaultInput['action']>().toEqualTypeOf<
    keyof typeof webhookFaultActions
  >()
  const { delayMs, status, applyTwice } = callFaultActions
  expect(rowsOf(callFaultActions, { applyTwice: true, delayMs: 1 })).toEqual([delayMs, applyTwice])
  expect(rowsOf(callFaultActions, { status: 200 })).toEqual([status])
})
