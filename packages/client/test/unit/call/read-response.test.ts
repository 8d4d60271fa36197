import {
  ConversationBatchResponseSchema,
  ErrorResponseSchema,
  PublishEventResponseSchema,
  SendResponseSchema,
} from '@sendbox/schema'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { parseResponse } from '../../../src/call/read-response.ts'

const published = { reqId: '1', code: 'OK', body: { sequence: 4 } }

test('unknown fields pass at every depth and stay in the answer', () => {
  const answer = { ...published, body: { sequence: 4, extra: { deep: true } }, more: [1] }

  expect(parseResponse(PublishEventResponseSchema, answer)).toEqual({ ok: true, value: answer })
})

test('unknown fields pass inside unions, and inside unions in lists', () => {
  const send = { ...published, body: { sequence: 4, extra: 1 }, more: 2 }
  const batch = [
    { reqId: '1', code: 'OK', body: { msg: 'OK', extra: 1 }, more: 2 },
    { reqId: '2', code: 'OK', body: { msg: 'OK' } },
  ]
  const body = { title: 'T', details: 'D', errorCode: 40054, extra: 1 }
  const failure = { kind: 'resp', code: 400, body, type: '.ReqBody$ErrorResp', more: 2 }

  expect(parseResponse(SendResponseSchema, send)).toEqual({ ok: true, value: send })
  expect(parseResponse(ConversationBatchResponseSchema, batch)).toEqual({
    ok: true,
    value: batch,
  })
  expect(parseResponse(ErrorResponseSchema, failure)).toEqual({ ok: true, value: failure })
})

test('an unknown field hides no fault beside it', () => {
  const answer = { ...published, body: { sequence: -1 }, more: 1 }

  expect(parseResponse(PublishEventResponseSchema, answer)).toMatchObject({
    ok: false,
    refusal: { problem: '/body/sequence is unexpected (Too small: expected number to be >=0)' },
  })
})

test('an unknown field hides no fault in a union', () => {
  const batch = [{ reqId: '1', code: 'OK', body: { mesg: 'OK' } }]
  const send = { reqId: '1', code: 7, body: { sequence: 1, msg: 'OK' } }

  expect(parseResponse(ConversationBatchResponseSchema, batch)).toMatchObject({ ok: false })
  expect(parseResponse(SendResponseSchema, send)).toMatchObject({
    ok: false,
    refusal: { problem: '/code is unexpected (Invalid input: expected string, received number)' },
  })
})

test.each([undefined, null, 'OK', [], {}])('%j is no answer to ms.PublishEvent', value => {
  expect(parseResponse(PublishEventResponseSchema, value)).toMatchObject({ ok: false })
})

test('a fault in the whole body says so', () => {
  expect(parseResponse(PublishEventResponseSchema, null)).toMatchObject({
    refusal: { problem: 'the body is unexpected (Invalid input: expected object, received null)' },
  })
})

test('the problem of a union is that of its nearest option, not of its first', () => {
  const union = z.union([
    z.strictObject({ a: z.number(), b: z.number() }),
    z.strictObject({ c: z.number() }),
  ])

  expect(parseResponse(z.strictObject({ body: union }), { body: { c: 'x' } })).toMatchObject({
    refusal: {
      problem: '/body/c is unexpected (Invalid input: expected number, received string)',
    },
  })
})
