import { expect, test } from 'vitest'
import { parseConversationBatch, parseSendRequest } from '../../../src/index.ts'

const publish = (event: unknown, more: object = {}) => ({
  kind: 'req',
  id: '1',
  type: 'ms.PublishEvent',
  body: { dialogId: 'd', event },
  ...more,
})
const text = { type: 'ContentEvent', contentType: 'text/plain', message: 'hi' }
const file = (message: object) => ({ type: 'ContentEvent', contentType: 'hosted/file', message })
const receipt = (sequenceList: unknown, status = 'READ') => ({
  type: 'AcceptStatusEvent',
  status,
  sequenceList,
})
const update = (conversationField: unknown) => ({
  id: 1,
  type: 'cm.UpdateConversationField',
  body: { conversationId: 'c', conversationField },
})
const setProfile = (body: object) => ({ id: 1, type: 'userprofile.SetUserProfile', body })
const closing = { field: 'ConversationStateField', conversationState: 'CLOSE' }

const problemsOf = (value: unknown) => {
  const result = parseSendRequest(value)
  return result.ok
    ? []
    : result.problems.map(({ path, expected, received, rule }) => [path, expected, received, rule])
}

test.each<[string, unknown]>([
  ['a text', publish(text)],
  ['an empty text', publish({ ...text, message: '' })],
  ['a file', publish(file({ relativePath: '/v1/a', fileType: 'JPG' }))],
  [
    'a file with all its fields',
    publish(file({ relativePath: '/v1/a', fileType: 'PNG', caption: 'c', preview: 'data:' })),
  ],
  ...['ACTIVE', 'INACTIVE', 'GONE', 'COMPOSING', 'PAUSE'].map(
    chatState =>
      [`the chat state ${chatState}`, publish({ type: 'ChatStateEvent', chatState })] satisfies [
        string,
        unknown,
      ],
  ),
  ...['ACCEPT', 'READ', 'ACCESS', 'NACK', 'ACTION'].map(
    status =>
      [`the receipt ${status}`, publish(receipt([0, 1], status))] satisfies [string, unknown],
  ),
  ['a request without kind', publish(text, { kind: undefined })],
  ['a numeric id', publish(text, { id: 7 })],
  ['an id of 64 characters', publish(text, { id: 'x'.repeat(64) })],
  ['metadata of any type', publish(text, { metadata: [{ type: 'Anything', more: [1] }] })],
  ['a close', update([closing])],
  ['an empty profile [PRO-1]', setProfile({})],
  [
    'a profile with the documented fields [PRO-1]',
    setProfile({
      firstName: 'Zoë',
      lastName: 'Doe',
      userId: 'u',
      avatarUrl: 'https://example.com/a',
      role: 'r',
      backgndImgUri: 'https://example.com/b',
      description: 'd',
      privateData: {
        mobileNum: '1',
        mail: 'zoe@example.com',
        pushNotificationData: { serviceName: 's', certName: 'c', token: 't' },
      },
      authenticatedData: {
        lp_sdes: [
          { type: 'ctmrinfo', info: { customerId: '7' }, auth: { amr: ['pwd'], iss: 'i' } },
          { type: 'personal', personal: { firstname: 'Zoë' } },
        ],
      },
    }),
  ],
])('takes %s as it is', (_, request) => {
  expect(parseSendRequest(request)).toEqual({ ok: true, request, diagnostics: [] })
})

test.each([
  ['sequenceList', publish(receipt(3)), publish(receipt([3]))],
  ['conversationField', update(closing), update([closing])],
  [
    'metadata',
    publish(text, { metadata: { type: 'A' } }),
    publish(text, { metadata: [{ type: 'A' }] }),
  ],
])('takes a bare element for the list %s [REQ-8]', (_, value, request) => {
  expect(parseSendRequest(value)).toEqual({ ok: true, request, diagnostics: [] })
})

test('keeps unknown fields and notes each of them', () => {
  const request = publish({ ...text, mood: 'good' }, { skillId: '3', 'a/b~c': 1 })
  const note = (path: string, received: string) => ({
    path,
    expected: 'no such field',
    received,
    message: `${path}: expected no such field, received ${received}`,
    rule: 'REQ-4',
    evidence: 'tolerated',
  })
  expect(parseSendRequest(request)).toEqual({
    ok: true,
    request,
    diagnostics: [
      note('/body/event/mood', '"good"'),
      note('/skillId', '"3"'),
      note('/a~1b~0c', '1'),
    ],
  })
})

const types =
  'ms.PublishEvent, cm.UpdateConversationField, userprofile.SetUserProfile, ms.GenerateURLForUploadFile or ms.GenerateURLForDownloadFile'
const eventTypes = 'ContentEvent, ChatStateEvent, AcceptStatusEvent, RichContentEvent or HostedFile'
const fields = 'ConversationStateField, DialogChange, Stage, CSATRate or TTRField'
const chatStates = 'ACTIVE, INACTIVE, GONE, COMPOSING or PAUSE'
const sequence = 'an integer of 0 or more'

test.each<[string, unknown, unknown[][]]>([
  ['nothing', undefined, [['', 'object', 'nothing', 'REQ-3.1']]],
  ['a number', 7, [['', 'object', '7', 'REQ-3.1']]],
  [
    'another type [REQ-3.1]',
    { id: 1, type: 'ms.publishEvent' },
    [['/type', types, '"ms.publishEvent"', 'REQ-3.1']],
  ],
  ['another kind', publish(text, { kind: 'resp' }), [['/kind', 'req', '"resp"', 'REQ-1a']]],
  [
    'an id of 65 characters',
    publish(text, { id: 'x'.repeat(65) }),
    [['/id', 'text of 1 to 64 characters or a number', `"${'x'.repeat(65)}"`, 'REQ-2']],
  ],
  [
    'an event without a type',
    publish({}),
    [['/body/event/type', eventTypes, 'nothing', 'PUB-1.1']],
  ],
  [
    'a text without a message',
    publish({ ...text, message: undefined }),
    [['/body/event/message', 'string', 'nothing', 'PUB-2']],
  ],
  ...['text/html', 'external/file', 'forms/secure-invitation', 'forms/secure-submission'].map(
    (contentType): [string, unknown, unknown[][]] => [
      `the content type ${contentType} [PUB-2a.3]`,
      publish({ ...text, contentType }),
      [
        [
          '/body/event/contentType',
          'text/plain, hosted/file or HostedFile',
          JSON.stringify(contentType),
          'PUB-2a.3',
        ],
      ],
    ],
  ),
  [
    'a file of another type',
    publish(file({ relativePath: '/v1/a', fileType: 'PDF' })),
    [['/body/event/message/fileType', 'JPG, JPEG, PNG or GIF', '"PDF"', 'PUB-4.1']],
  ],
  [
    'a misspelt chat state [PUB-7]',
    publish({ type: 'ChatStateEvent', chatState: 'COMPOSNG' }),
    [['/body/event/chatState', chatStates, '"COMPOSNG"', 'PUB-7']],
  ],
  [
    'an empty list of sequences',
    publish(receipt([])),
    [['/body/event/sequenceList', 'a list of at least one sequence number', '[]', 'PUB-8.2']],
  ],
  [
    'sequences that are negative and text',
    publish(receipt([0, -1, 'a'])),
    [
      ['/body/event/sequenceList/1', sequence, '-1', 'PUB-8.2'],
      ['/body/event/sequenceList/2', sequence, '"a"', 'PUB-8.2'],
    ],
  ],
  [
    'a bare fraction',
    publish(receipt(1.5)),
    [['/body/event/sequenceList', sequence, '1.5', 'PUB-8.2']],
  ],
  [
    'another field',
    update([{ ...closing, field: 'Foo' }]),
    [['/body/conversationField/0/field', fields, '"Foo"', 'UPD-1']],
  ],
  [
    'an opening state [UPD-2]',
    update({ ...closing, conversationState: 'OPEN' }),
    [['/body/conversationField/conversationState', 'CLOSE', '"OPEN"', 'UPD-2']],
  ],
])('says what is wrong with %s', (_, value, expected) => {
  expect(problemsOf(value)).toEqual(expected)
})

test('shows a value of up to 80 characters of JSON whole', () => {
  const receivedFor = (length: number) => problemsOf(publish(receipt('x'.repeat(length))))[0]?.[2]
  expect(receivedFor(78)).toBe(`"${'x'.repeat(78)}"`)
  expect(receivedFor(79)).toBe(`"${'x'.repeat(79)}…`)
})

test('shortens a long value and gives the evidence of the rule', () => {
  const result = parseSendRequest(publish(receipt('x'.repeat(100))))
  expect(result).toEqual({
    ok: false,
    problems: [
      {
        path: '/body/event/sequenceList',
        expected: 'a list of at least one sequence number',
        received: `"${'x'.repeat(79)}…`,
        message: `/body/event/sequenceList: expected a list of at least one sequence number, received "${'x'.repeat(79)}…`,
        rule: 'PUB-8.2',
        evidence: 'assumed',
      },
    ],
  })
})

const cycle: Record<string, unknown> = {}
cycle['self'] = cycle

test.each<[string, unknown, string]>([
  ['a bigint', 1n, 'bigint'],
  ['a function', () => 1, 'function'],
  ['an object with a cycle', cycle, 'object'],
])('gives a result for %s too, which is no JSON', (_, chatState, received) => {
  const result = parseSendRequest(publish({ type: 'ChatStateEvent', chatState }))
  expect(!result.ok && result.problems).toMatchObject([{ received }])
})

test('does not take the names of Object.prototype for fields', () => {
  const request = JSON.parse(
    '{"id":1,"type":"ms.PublishEvent","body":{"dialogId":"d","event":{"type":"ChatStateEvent","chatState":"GONE","__proto__":1,"constructor":2}}}',
  )
  const result = parseSendRequest(request)
  expect(result.ok && result.diagnostics.map(({ path }) => path)).toEqual([
    '/body/event/__proto__',
    '/body/event/constructor',
  ])
})

test('reads a batch with its unknown fields and its problems', () => {
  const profile = { id: 1, type: 'userprofile.SetUserProfile', body: { firstName: 'Zoë' } }
  const opening = {
    id: 2,
    type: 'cm.ConsumerRequestConversation',
    body: {
      brandId: '1',
      ttrDefName: null,
      skillId: '-1',
      conversationContext: { visitorId: '2' },
    },
  }
  expect(parseConversationBatch([profile, opening])).toEqual({
    ok: true,
    request: [profile, opening],
    diagnostics: [],
  })
  const body = { brandId: '1', skillId: '12345678901', ttrDefName: 'SOON' }
  const result = parseConversationBatch([profile, { ...opening, body }])
  expect(result.ok ? [] : result.problems.map(({ path }) => path)).toEqual([
    '/1/body/ttrDefName',
    '/1/body/skillId',
  ])
})
