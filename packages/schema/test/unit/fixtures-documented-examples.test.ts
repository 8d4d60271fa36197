import { expect, test } from 'vitest'
import { z } from 'zod'
import { documentedExamples } from '../../src/fixtures.ts'
import * as index from '../../src/index.ts'

const { parseConversationBatch, parseNotification, parseSendRequest, ruleById } = index

const schemas: Readonly<Record<string, unknown>> = index

const cases = documentedExamples.map(example => [example.name, example] as const)

const ofSchema = (...names: string[]) => cases.filter(([, { schema }]) => names.includes(schema))

test('gives every documented example a name of its own', () => {
  expect(new Set(documentedExamples.map(({ name }) => name)).size).toBe(documentedExamples.length)
})

test.each(cases)('reads %s by its schema', (_, { schema, value }) => {
  expect(z.safeParse(schemas[`${schema}Schema`] as z.ZodType, value)).toMatchObject({
    success: true,
  })
})

test.each(cases)('names for %s a rule that Sendbox did not assume', (_, { rule }) => {
  expect(ruleById.get(rule)?.evidence).toMatch(/^(?:documented|recorded|tolerated)$/)
})

test.each(ofSchema('SendRequest'))('takes %s in strict mode without a remark', (_, { value }) => {
  expect(parseSendRequest(value, { mode: 'strict' })).toMatchObject({ ok: true, diagnostics: [] })
})

test.each(ofSchema('ConversationBatch'))(
  'takes %s in strict mode without a remark',
  (_, { value }) => {
    const result = parseConversationBatch(value, { mode: 'strict' })
    expect(result).toMatchObject({ ok: true, diagnostics: [] })
  },
)

test.each(ofSchema('Notification'))('takes %s in strict mode without a remark', (_, { value }) => {
  expect(parseNotification(value, { mode: 'strict' })).toMatchObject({ ok: true, diagnostics: [] })
})

test('writes answers to SEND as reqId, code, body', () => {
  const answers = ofSchema('PublishEventResponse')
  expect(answers.map(([, { value }]) => Object.keys(value as object))).toEqual([
    ['reqId', 'code', 'body'],
  ])
})

test('writes batch items and file URLs as code, body, reqId', () => {
  const answers = ofSchema('ConversationBatchResponse', 'GenerateUrlResponse')
  const keys = answers.flatMap(([, { value }]) => [value].flat()).map(item => Object.keys(item))
  expect(keys).toEqual(Array.from({ length: 6 }, () => ['code', 'body', 'reqId']))
})

test('writes the notification whose signature is known byte by byte', () => {
  const example = documentedExamples.find(({ rule }) => rule === 'WH-3')
  expect(JSON.stringify(example?.value)).toBe(
    '{"kind":"notification","body":{"changes":[{"sequence":2,"originatorId":"agent-1","originatorMetadata":{"id":"agent-1","role":"ASSIGNED_AGENT"},"serverTimestamp":1538492183879,"event":{"type":"ContentEvent","message":"Hi 😃 é","contentType":"text/plain"},"conversationId":"conv-1","dialogId":"conv-1"}]},"type":"ms.MessagingEventNotification"}',
  )
})
