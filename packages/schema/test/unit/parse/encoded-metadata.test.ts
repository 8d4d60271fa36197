import { expect, test } from 'vitest'
import { parseConversationBatch, parseSendRequest } from '../../../src/index.ts'

const text = { type: 'ContentEvent', contentType: 'text/plain', message: 'hi' }
const card = { type: 'RichContentEvent', content: { type: 'button' } }
const message = { relativePath: '/v1/a', fileType: 'PNG' }

const publish = (event: object, encodedMetadata: unknown) => ({
  kind: 'req',
  id: '1',
  type: 'ms.PublishEvent',
  body: { dialogId: 'd', event },
  encodedMetadata,
})

const modes = ['strict', 'as-service'] as const
const maxLength = 5_120

test.each([
  ['a text', text, 'eyJpbmZvIjoiZW5jb2RlZCJ9'],
  ['a card', card, 'e30='],
  ['a card in message', { type: 'RichContentEvent', message: { type: 'button' } }, 'e30='],
  ['a text, with two characters of padding', text, 'QQ=='],
  ['a text, empty', text, ''],
  ['a text, of 5,120 characters', text, 'A'.repeat(maxLength)],
])('encodedMetadata is known beside %s in both modes [REQ-9.1]', (_, event, value) => {
  for (const mode of modes)
    expect(parseSendRequest(publish(event, value), { mode })).toMatchObject({
      ok: true,
      request: { encodedMetadata: value },
      diagnostics: [],
    })
})

const asBase64 = `valid base64 of at most ${maxLength} characters`

test.each([
  ['***', asBase64],
  ['e30', asBase64],
  ['e3-_', asBase64],
  ['e30=\n', asBase64],
  ['e30=e30=', asBase64],
  ['=', asBase64],
  [null, asBase64],
  [{ info: 'not encoded' }, asBase64],
  ['A'.repeat(maxLength + 4), asBase64],
])('encodedMetadata %j is refused in both modes [REQ-9.1, REQ-9.2]', (value, expected) => {
  for (const mode of modes)
    expect(parseSendRequest(publish(text, value), { mode })).toMatchObject({
      ok: false,
      problems: [{ path: '/encodedMetadata', expected, rule: 'REQ-9.1' }],
    })
})

test.each([
  ['a chat state', { type: 'ChatStateEvent', chatState: 'COMPOSING' }],
  ['a receipt', { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [0] }],
  ['a file', { type: 'ContentEvent', contentType: 'hosted/file', message }],
  ['a file in an older form', { type: 'HostedFile', message }],
])('encodedMetadata is refused beside %s [REQ-9.1]', (_, event) => {
  expect(parseSendRequest(publish(event, 'e30='))).toMatchObject({
    ok: false,
    problems: [
      { path: '/encodedMetadata', expected: 'a text or a card beside it', rule: 'REQ-9.1' },
    ],
  })
  expect(parseSendRequest(publish(event, undefined)).ok).toBe(true)
})

test('encodedMetadata of the first message of a batch is checked like that of SEND [REQ-9.1]', () => {
  const parse = (event: object, encodedMetadata: string) =>
    parseConversationBatch([
      { id: 1, type: 'userprofile.SetUserProfile', body: {} },
      { id: 2, type: 'cm.ConsumerRequestConversation', body: {} },
      { id: 3, type: 'ms.PublishEvent', body: { event }, encodedMetadata },
    ])
  expect(parse(text, 'e30=')).toMatchObject({ ok: true, diagnostics: [] })
  for (const [event, value] of [
    [text, '*'],
    [{ type: 'ChatStateEvent', chatState: 'GONE' }, 'e30='],
  ] as const)
    expect(parse(event, value)).toMatchObject({ problems: [{ path: '/2/encodedMetadata' }] })
})

test.each([
  ['another request', { id: 1, type: 'userprofile.SetUserProfile', body: {} }, ''],
  ['a body', { ...publish(text, undefined), body: { dialogId: 'd', event: text } }, '/body'],
])('encodedMetadata is an unknown field of %s [REQ-4]', (_, request, pointer) => {
  const body = { ...request.body, ...(pointer && { encodedMetadata: 'e30=' }) }
  const sent = { ...request, body, ...(!pointer && { encodedMetadata: 'e30=' }) }
  expect(parseSendRequest(sent)).toMatchObject({
    ok: true,
    diagnostics: [{ path: `${pointer}/encodedMetadata`, rule: 'REQ-4' }],
  })
})
