import { expect, test } from 'vitest'
import { parseConversationBatch, parseSendRequest } from '../../../src/index.ts'

const publish = (event: unknown, more: object = {}) => ({
  id: 1,
  type: 'ms.PublishEvent',
  body: { dialogId: 'd', event },
  ...more,
})
const text = { type: 'ContentEvent', contentType: 'text/plain', message: 'hi' }

const messagesOf = (value: unknown): string[] => {
  const result = parseSendRequest(value)
  const found = result.ok ? result.diagnostics : result.problems
  return found.map(({ message }) => message)
}

test.each([
  ['COMPOSNG', 'COMPOSING'],
  ['composing', 'COMPOSING'],
  ['PAUSED', 'PAUSE'],
])('suggests a chat state for %s', (chatState, meant) => {
  expect(messagesOf(publish({ type: 'ChatStateEvent', chatState }))).toEqual([
    `/body/event/chatState: expected ACTIVE, INACTIVE, GONE, COMPOSING or PAUSE, received "${chatState}" (did you mean "${meant}"?)`,
  ])
})

test('suggests nothing for a word that resembles none', () => {
  expect(messagesOf(publish({ type: 'ChatStateEvent', chatState: 'TYPING' }))).toEqual([
    '/body/event/chatState: expected ACTIVE, INACTIVE, GONE, COMPOSING or PAUSE, received "TYPING"',
  ])
})

test('tells the name of a field that is misspelt', () => {
  expect(messagesOf(publish({ type: 'ChatStateEvent', ChatState: 'COMPOSING' }))).toEqual([
    '/body/event/chatState: expected ACTIVE, INACTIVE, GONE, COMPOSING or PAUSE, received nothing (the name is "chatState", not "ChatState")',
  ])
  expect(messagesOf({ ...publish(text), body: { dialogID: 'd', event: text } })).toEqual([
    '/body/dialogId: expected string, received nothing (the name is "dialogId", not "dialogID")',
  ])
})

test('suggests a type of request, of event and of content', () => {
  const suggestion = (value: unknown) => /\(.*\)$/.exec(messagesOf(value)[0] ?? '')?.[0]
  expect([
    suggestion({ id: 1, type: 'ms.publishEvent', body: {} }),
    suggestion(publish({ ...text, type: 'contentEvent' })),
    suggestion(publish({ ...text, contentType: 'text/plan' })),
  ]).toEqual([
    '(did you mean "ms.PublishEvent"?)',
    '(did you mean "ContentEvent"?)',
    '(did you mean "text/plain"?)',
  ])
})

test('suggests a field for an unknown one, and body for a field that stands beside it', () => {
  const file = { relativePath: '/v1/a', fileType: 'JPG', Caption: 'c' }
  expect(
    messagesOf(publish({ type: 'ContentEvent', contentType: 'hosted/file', message: file })),
  ).toEqual([
    '/body/event/message/Caption: expected no such field, received "c" (did you mean "caption"?)',
  ])
  const batch = parseConversationBatch([
    { id: 1, type: 'userprofile.SetUserProfile', body: {} },
    { id: 2, type: 'cm.ConsumerRequestConversation', skillId: '3', body: { brandId: '1' } },
  ])
  expect(batch.ok && batch.diagnostics.map(({ message }) => message)).toEqual([
    '/1/skillId: expected no such field, received "3" ("skillId" belongs inside "body")',
  ])
})

test('takes a very long word for no slip, at once', () => {
  const [message] = messagesOf(publish({ type: 'ChatStateEvent', chatState: 'A'.repeat(1e6) }))
  expect(message).toMatch(/received "A{79}…$/)
})
