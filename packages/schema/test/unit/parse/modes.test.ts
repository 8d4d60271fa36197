import { expect, test } from 'vitest'
import { parseConversationBatch, parseSendRequest, type RuleId } from '../../../src/index.ts'

const publish = (event: object) => ({
  id: 1,
  type: 'ms.PublishEvent',
  body: { dialogId: 'd', event },
})
const file = (message: object) => ({ relativePath: '/v1/a', fileType: 'JPG', ...message })
const fileEvent = (message: object = {}) => ({
  type: 'ContentEvent',
  contentType: 'hosted/file',
  message: file(message),
})
const profile = (lp_sdes: unknown) => ({
  id: 1,
  type: 'userprofile.SetUserProfile',
  body: { authenticatedData: { lp_sdes } },
})
const personal = (info: object) => profile([{ type: 'personal', personal: info }])

interface Reading {
  readonly found: readonly [path: string, rule: RuleId][]
  readonly strict: 'taken' | 'refused'
}

const toPairs = (found: readonly { path: string; rule: RuleId }[]) =>
  found.map(({ path, rule }) => [path, rule])

test.each<[string, unknown, Reading]>([
  [
    'an unknown field [REQ-4]',
    { ...publish(fileEvent()), mood: 1 },
    { found: [['/mood', 'REQ-4']], strict: 'refused' },
  ],
  [
    'a file type in lower case [PUB-4.2]',
    publish(fileEvent({ fileType: 'png' })),
    { found: [['/body/event/message/fileType', 'PUB-4.2']], strict: 'refused' },
  ],
  [
    'the contentType HostedFile [PUB-6.2]',
    publish({ ...fileEvent(), contentType: 'HostedFile' }),
    { found: [['/body/event/contentType', 'PUB-6.2']], strict: 'refused' },
  ],
  [
    'the event type HostedFile',
    publish({ type: 'HostedFile', message: file({}) }),
    { found: [['/body/event/type', 'PUB-6.2']], strict: 'refused' },
  ],
  [
    'a gender as a number [PRO-3]',
    personal({ gender: 1 }),
    { found: [['/body/authenticatedData/lp_sdes/0/personal/gender', 'PRO-3']], strict: 'taken' },
  ],
  [
    'an SDE of another type [PRO-1a]',
    profile([{ type: 'service', service: {} }]),
    { found: [['/body/authenticatedData/lp_sdes/0', 'PRO-1a']], strict: 'refused' },
  ],
  [
    'an SDE without a type',
    profile([{ personal: {} }]),
    { found: [['/body/authenticatedData/lp_sdes/0', 'PRO-1a']], strict: 'refused' },
  ],
  [
    'a further field of known metadata',
    { ...publish(fileEvent()), metadata: [{ type: 'ExternalId', id: 'x', more: 1 }] },
    { found: [['/metadata/0/more', 'REQ-4']], strict: 'refused' },
  ],
  [
    'metadata of another type',
    { ...publish(fileEvent()), metadata: [{ type: 'BotResponse', more: 1 }] },
    { found: [], strict: 'taken' },
  ],
])('notes %s, and follows its evidence in strict mode', (_, value, { found, strict }) => {
  const lenient = parseSendRequest(value)
  expect(lenient.ok && toPairs(lenient.diagnostics)).toEqual(found)
  const result = parseSendRequest(value, { mode: 'strict' })
  expect(result.ok ? 'taken' : 'refused').toBe(strict)
  expect(toPairs(result.ok ? result.diagnostics : result.problems)).toEqual(found)
})

const opening = (body: object) => [
  { id: 1, type: 'userprofile.SetUserProfile', body: {} },
  { id: 2, type: 'cm.ConsumerRequestConversation', body: { brandId: '1', ...body } },
]

test.each<[string, object, string, RuleId]>([
  ['the ttrDefName CUSTOM [CON-1a]', { ttrDefName: 'CUSTOM' }, 'ttrDefName', 'CON-1a'],
  [
    'a campaign id as an integer [CON-1b]',
    { campaignInfo: { campaignId: 1, engagementId: '2' } },
    'campaignInfo/campaignId',
    'CON-1b',
  ],
  [
    'features in the context',
    { conversationContext: { features: ['AUTO_MESSAGES'] } },
    'conversationContext/features',
    'CON-1b',
  ],
  [
    'client properties in the context',
    { conversationContext: { clientProperties: { any: 1 } } },
    'conversationContext/clientProperties',
    'CON-1b',
  ],
])('notes %s, and refuses it in strict mode', (_, body, path, rule) => {
  const lenient = parseConversationBatch(opening(body))
  expect(lenient.ok && toPairs(lenient.diagnostics)).toEqual([[`/1/body/${path}`, rule]])
  const strict = parseConversationBatch(opening(body), { mode: 'strict' })
  expect(!strict.ok && toPairs(strict.problems)).toEqual([[`/1/body/${path}`, rule]])
})

test('notes another order of a batch and an empty dialogId, and refuses them in strict mode [CON-2a]', () => {
  const [set, open] = opening({})
  const event = { type: 'ContentEvent', contentType: 'text/plain', message: 'first' }
  const first = { id: 3, type: 'ms.PublishEvent', body: { event } }
  const empty = { ...first, body: { dialogId: '', event } }
  const plain = parseConversationBatch([set, open, first])
  expect(plain.ok && plain.diagnostics).toEqual([])
  for (const [batch, path] of [
    [[open, set], '/0/type'],
    [[set, first, open], '/1/type'],
    [[set, open, empty], '/2/body/dialogId'],
  ] as const) {
    const lenient = parseConversationBatch(batch)
    expect(lenient.ok && toPairs(lenient.diagnostics)).toEqual([[path, 'CON-2a']])
    const strict = parseConversationBatch(batch, { mode: 'strict' })
    expect(!strict.ok && toPairs(strict.problems)).toEqual([[path, 'CON-2a']])
  }
})

test('reads the older forms of a file as a ContentEvent with hosted/file [PUB-6.1, PUB-6.2]', () => {
  for (const event of [
    { ...fileEvent(), contentType: 'HostedFile' },
    { type: 'HostedFile', message: file({}) },
    { type: 'HostedFile', contentType: 'HostedFile', message: file({}) },
  ]) {
    const result = parseSendRequest(publish(event))
    expect(result.ok && result.request.body).toEqual({ dialogId: 'd', event: fileEvent() })
  }
})

test('reads the element of a card from content or from message, but not from both or neither [PUB-9]', () => {
  const card = (fields: object) => publish({ type: 'RichContentEvent', ...fields })
  const element = { type: 'vertical', elements: [{ type: 'text', text: 'hi' }] }
  const expected = { dialogId: 'd', event: { type: 'RichContentEvent', content: element } }
  for (const fields of [{ content: element }, { message: element }]) {
    const result = parseSendRequest(card(fields))
    expect(result.ok && [result.request.body, result.diagnostics]).toEqual([expected, []])
  }
  for (const fields of [{}, { content: element, message: element }]) {
    const result = parseSendRequest(card(fields))
    expect(!result.ok && result.problems).toMatchObject([
      { path: '/body/event', expected: 'either content or message', rule: 'PUB-9' },
    ])
  }
})
