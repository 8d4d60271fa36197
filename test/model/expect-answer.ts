import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict'
import { refusals } from '../rules/refusals.ts'
import type { Verdict } from './oracle.ts'
import type { Received } from './system.ts'

/** The text of the details that the protocol leaves a placeholder in is not compared. */
const isWorded = (code: number): boolean => ![40055, 40058, 40151, 40454, 40052].includes(code)

/** Expects exactly the error of this number. Rules: AUTH-5, RES-6, RES-7. */
export function expectError(received: Received, errorCode: number, reqId?: string): void {
  ok(!received.isLost, `expected ${errorCode}, the connection ended`)
  const entry = refusals[errorCode as keyof typeof refusals]
  const hasId = reqId !== undefined && entry.status !== 401
  const details = isWorded(errorCode)
    ? entry.details
    : (received.json as { body?: { details?: string } } | undefined)?.body?.details
  deepStrictEqual(received.json, {
    kind: 'resp',
    ...(hasId && { reqId }),
    code: entry.status,
    body: { title: entry.title, details, errorCode },
    type: '.ReqBody$ErrorResp',
  })
  strictEqual(received.status, entry.status)
}

/** Expects exactly the refusal of the control API that has the number and the words of an error. Rule: RES-7. */
export function expectControlRefusal(received: Received, errorCode: number): void {
  ok(!received.isLost, `expected ${errorCode}, the connection ended`)
  const { status, title, details } = refusals[errorCode as keyof typeof refusals]
  const given = (received.json as { details?: string } | undefined)?.details
  const words = isWorded(errorCode) ? details : given
  expectJson(received, status, { title, details: words, errorCode })
}

export function expectJson(received: Received, status: number, json: unknown): void {
  ok(!received.isLost, 'the connection ended without an answer')
  deepStrictEqual({ status: received.status, json: received.json }, { status, json })
}

/** Expects what the oracle says. Rules: RES-1, RES-2. */
export function expectVerdict(received: Received, verdict: Verdict, reqId: string): void {
  if ('error' in verdict) expectError(received, verdict.error, reqId)
  else expectJson(received, 200, { reqId, code: 'OK', body: verdict.body })
}
