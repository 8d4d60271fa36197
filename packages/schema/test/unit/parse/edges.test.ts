import { expect, test } from 'vitest'
import {
  parseConversationBatch,
  parseNotification,
  parseSendRequest,
  type RequestLimits,
} from '../../../src/index.ts'

const publish = (event: object, more: object = {}) => ({
  id: 1,
  type: 'ms.PublishEvent',
  body: { dialogId: 'd', event },
  ...more,
})
const text = (message = 'hi') => ({ type: 'ContentEvent', contentType: 'text/plain', message })
const file = (fields: object) =>
  publish({
    type: 'ContentEvent',
    contentType: 'hosted/file',
    message: { relativePath: '/v1/a', fileType: 'JPG', ...fields },
  })
const upload = (fileSize: unknown, fileType: unknown = 'PNG') => ({
  id: 1,
  type: 'ms.GenerateURLForUploadFile',
  body: { fileSize, fileType },
})
const update = (field: object) => ({
  id: 1,
  type: 'cm.UpdateConversationField',
  body: { conversationId: 'c', conversationField: field },
})
const csat = (fields: object) =>
  update({
    field: 'CSATRate',
    csatRate: 3,
    csatResolutionConfirmation: true,
    status: 'FILLED',
    ...fields,
  })
const ttr = (fields: object) =>
  update({ field: 'TTRField', ttrType: 'NORMAL', value: 60, ...fields })
const receipt = (sequenceList: unknown) =>
  publish({ type: 'AcceptStatusEvent', status: 'READ', sequenceList })
const metadata = (element: object) => publish(text(), { metadata: [element] })
const x = (length: number) => 'x'.repeat(length)
const customer = (info: object) => ({
  id: 1,
  type: 'userprofile.SetUserProfile',
  body: { authenticatedData: { lp_sdes: [{ type: 'ctmrinfo', info }] } },
})
const sde = '/body/authenticatedData/lp_sdes/0'

/** A value on the good side of an edge, one on the bad side, and the path of the problem. */
type Edge = [name: string, good: unknown, bad: unknown, path: string, rule: string]

test.each<Edge>([
  ['ids: 1 character', publish(text(), { id: 'x' }), publish(text(), { id: '' }), '/id', 'REQ-2'],
  [
    'ids: 64 [REQ-2]',
    publish(text(), { id: x(64) }),
    publish(text(), { id: x(65) }),
    '/id',
    'REQ-2',
  ],
  ['ids: a number', publish(text(), { id: 0 }), publish(text(), { id: null }), '/id', 'REQ-2'],
  [
    'kind [REQ-1a]',
    publish(text(), { kind: 'req' }),
    publish(text(), { kind: 'REQ' }),
    '/kind',
    'REQ-1a',
  ],
  [
    'dialogId [PUB-1.1]',
    publish(text()),
    { ...publish(text()), body: { dialogId: '', event: text() } },
    '/body/dialogId',
    'PUB-1.1',
  ],
  [
    'a text [PUB-2]',
    publish(text('')),
    publish({ ...text(), message: 1 }),
    '/body/event/message',
    'PUB-2',
  ],
  [
    'ExternalId: 64 [REQ-5]',
    metadata({ type: 'ExternalId', id: x(64) }),
    metadata({ type: 'ExternalId', id: x(65) }),
    '/metadata/0/id',
    'REQ-5',
  ],
  [
    'reason: 64',
    metadata({ type: 'ActionReason', reason: x(64) }),
    metadata({ type: 'ActionReason', reason: x(65) }),
    '/metadata/0/reason',
    'REQ-5',
  ],
  ['a metadata type', metadata({ type: 'Question' }), metadata({}), '/metadata/0/type', 'REQ-5'],
  ['sequenceList: one [PUB-8.2]', receipt([0]), receipt([]), '/body/event/sequenceList', 'PUB-8.2'],
  ['a sequence: 0', receipt([0]), receipt([-1]), '/body/event/sequenceList/0', 'PUB-8.2'],
  ['a sequence: whole', receipt(1), receipt(1.5), '/body/event/sequenceList', 'PUB-8.2'],
  [
    'relativePath [PUB-3]',
    file({}),
    file({ relativePath: '' }),
    '/body/event/message/relativePath',
    'PUB-3',
  ],
  [
    'fileType [PUB-4.1]',
    file({ fileType: 'GIF' }),
    file({ fileType: 'PDF' }),
    '/body/event/message/fileType',
    'PUB-4.1',
  ],
  [
    'preview: 30 KB [PUB-5.1]',
    file({ preview: x(30_719) }),
    file({ preview: x(30_720) }),
    '/body/event/message/preview',
    'PUB-5.1',
  ],
  ['fileSize: 3 MB [PUB-5.2]', upload(3_145_728), upload(3_145_729), '/body/fileSize', 'PUB-5.2'],
  ['fileSize: 3 MB as text', upload('3145728'), upload('3145729'), '/body/fileSize', 'PUB-5.2'],
  ['fileSize: 0 [URL-1]', upload(0), upload(-1), '/body/fileSize', 'URL-1'],
  ['fileSize: digits', upload('1'), upload('1k'), '/body/fileSize', 'URL-1'],
  ['an uploaded fileType', upload(1, 'JPEG'), upload(1, 'TXT'), '/body/fileType', 'PUB-4.1'],
  [
    'conversationField: one [UPD-1]',
    update([{ field: 'Stage', conversationState: 'CLOSE' }] as never),
    update([] as never),
    '/body/conversationField',
    'UPD-1',
  ],
  [
    'csatRate: 1 [UPD-5]',
    csat({ csatRate: 1 }),
    csat({ csatRate: 0 }),
    '/body/conversationField/csatRate',
    'UPD-5',
  ],
  [
    'csatRate: 5',
    csat({ csatRate: 5 }),
    csat({ csatRate: 6 }),
    '/body/conversationField/csatRate',
    'UPD-5',
  ],
  [
    'csatRate: whole',
    csat({ csatRate: 2 }),
    csat({ csatRate: 2.5 }),
    '/body/conversationField/csatRate',
    'UPD-5',
  ],
  [
    'CSAT status',
    csat({ status: 'SKIPPED' }),
    csat({ status: 'skip' }),
    '/body/conversationField/status',
    'UPD-5',
  ],
  [
    'CSAT confirmation',
    csat({}),
    csat({ csatResolutionConfirmation: undefined }),
    '/body/conversationField/csatResolutionConfirmation',
    'UPD-5',
  ],
  [
    'TTR value: 0 [UPD-6]',
    ttr({ value: 0 }),
    ttr({ value: -1 }),
    '/body/conversationField/value',
    'UPD-6',
  ],
  [
    'TTR type',
    ttr({ ttrType: 'CUSTOM' }),
    ttr({ ttrType: 'SOON' }),
    '/body/conversationField/ttrType',
    'UPD-6',
  ],
  [
    'a balance [PRO-2]',
    customer({ balance: 1.5 }),
    customer({ balance: '1' }),
    `${sde}/info/balance`,
    'PRO-2',
  ],
  [
    'a companySize',
    customer({ companySize: 1 }),
    customer({ companySize: 1.5 }),
    `${sde}/info/companySize`,
    'PRO-2',
  ],
  [
    'a whole date',
    customer({ lastPaymentDate: { day: 1, month: 2, year: 3 } }),
    customer({ lastPaymentDate: { day: 1, month: 2 } }),
    `${sde}/info/lastPaymentDate/year`,
    'PRO-2',
  ],
])('knows both sides of the edge of %s', (_, good, bad, path, rule) => {
  expect(parseSendRequest(good)).toMatchObject({ ok: true, diagnostics: [] })
  const result = parseSendRequest(bad)
  expect(!result.ok && result.problems).toMatchObject([{ path, rule }])
})

const open = (body: object) => [
  { id: 1, type: 'userprofile.SetUserProfile', body: {} },
  { id: 2, type: 'cm.ConsumerRequestConversation', body: { brandId: '1', ...body } },
]

test.each<[string, unknown, unknown, string, string]>([
  [
    'skillId: 10 digits [CON-1]',
    open({ skillId: '1234567890' }),
    open({ skillId: '12345678901' }),
    '/1/body/skillId',
    'CON-1',
  ],
  ['skillId: -1', open({ skillId: '-1' }), open({ skillId: '-2' }), '/1/body/skillId', 'CON-1'],
  ['skillId: text', open({ skillId: '1' }), open({ skillId: [1] }), '/1/body/skillId', 'CON-1'],
  [
    'ttrDefName: null',
    open({ ttrDefName: null }),
    open({ ttrDefName: '' }),
    '/1/body/ttrDefName',
    'CON-1',
  ],
  [
    'channelType',
    open({ channelType: 'MESSAGING' }),
    open({ channelType: 'SMS' }),
    '/1/body/channelType',
    'CON-1',
  ],
  ['a batch of two [EP-2]', open({}), open({}).slice(0, 1), '', 'EP-2'],
  ['one profile [CON-2]', open({}), [...open({}), open({})[0]], '/2/type', 'CON-2'],
])('knows both sides of the edge of %s in a batch', (_, good, bad, path, rule) => {
  expect(parseConversationBatch(good)).toMatchObject({ ok: true, diagnostics: [] })
  const result = parseConversationBatch(bad)
  expect(!result.ok && result.problems).toMatchObject([{ path, rule }])
})

test.each<[keyof RequestLimits, Partial<RequestLimits>, unknown]>([
  ['fileBytes', { fileBytes: 4_000_000 }, upload(4_000_000)],
  ['previewCharacters', { previewCharacters: 40_000 }, file({ preview: x(39_999) })],
  ['fileTypes', { fileTypes: ['PDF'] }, file({ fileType: 'PDF' })],
])('takes more where the limit %s is raised', (_, limits, value) => {
  expect(parseSendRequest(value).ok).toBe(false)
  expect(parseSendRequest(value, { limits })).toMatchObject({ ok: true, diagnostics: [] })
})

test('limits a text only where a limit is set', () => {
  expect(parseSendRequest(publish(text(x(1_000_000)))).ok).toBe(true)
  const limits = { textLength: 5 }
  expect(parseSendRequest(publish(text(x(5))), { limits }).ok).toBe(true)
  expect(parseSendRequest(publish(text('😃'.repeat(5))), { limits }).ok).toBe(true)
  const result = parseSendRequest(publish(text(x(6))), { limits })
  expect(!result.ok && result.problems).toMatchObject([
    { path: '/body/event/message', expected: 'at most 5 characters', rule: 'PUB-2' },
  ])
})

const notification = (change: object = {}) => ({
  kind: 'notification',
  body: {
    changes: [
      {
        originatorId: 'agent-1',
        originatorMetadata: { id: 'agent-1', role: 'ASSIGNED_AGENT' },
        event: { type: 'ChatStateEvent', chatState: 'COMPOSING' },
        conversationId: 'c',
        dialogId: 'c',
        ...change,
      },
    ],
  },
  type: 'ms.MessagingEventNotification',
})

test('reads a notification, notes a field that may be new, and refuses it in strict mode', () => {
  const plain = notification()
  expect(parseNotification(plain)).toEqual({ ok: true, notification: plain, diagnostics: [] })
  const newer = notification({ mood: 'good' })
  const result = parseNotification(newer)
  expect(result).toMatchObject({
    ok: true,
    notification: newer,
    diagnostics: [{ path: '/body/changes/0/mood', expected: 'no such field', rule: 'WH-4.1' }],
  })
  const strict = parseNotification(newer, { mode: 'strict' })
  expect(!strict.ok && strict.problems).toMatchObject([{ path: '/body/changes/0/mood' }])
})

test('says what is wrong with a notification, a new field and a new value aside', () => {
  const event = { type: 'ChatStateEvent', chatState: 'TYPING', mood: 1 }
  const result = parseNotification(notification({ event, sequence: -1 }))
  expect(!result.ok && result.problems.map(({ path }) => path)).toEqual([
    '/body/changes/0/sequence',
  ])
  expect(parseNotification(null)).toMatchObject({ ok: false, problems: [{ path: '' }] })
})
