import { expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import {
  type ConversationDetails,
  ConversationDetailsSchema,
  ExConversationChangeNotificationSchema,
  type MessagingEventChange,
  MessagingEventChangeSchema,
  MessagingEventNotificationSchema,
  type Notification,
  NotificationSchema,
  type NotifiedEvent,
  NotifiedEventSchema,
  type OpenEnum,
  ParticipantSchema,
  parseNotification,
  type SentEventChange,
  toJsonSchema,
} from '../../src/index.ts'
import { toReceived, withReceivedForm } from '../../src/primitives/received.ts'

const place = { dialogId: 'd', conversationId: 'd' }
const manager = { id: 'agent-1', role: 'MANAGER' }

const changeOf = (event: unknown, fields: object = {}) => ({
  sequence: 3,
  originatorId: manager.id,
  originatorMetadata: manager,
  serverTimestamp: 1_658_842_897_200,
  event,
  ...place,
  ...fields,
})

const notificationOf = (...changes: unknown[]) => ({
  kind: 'notification',
  body: { changes },
  type: 'ms.MessagingEventNotification',
})

const text = { type: 'ContentEvent', message: 'x', contentType: 'text/plain' }
const form = { formId: '17', title: 'Payment details', invitationId: 'inv-1' }
const details = {
  participants: [{ id: 'c', role: 'CONSUMER' }],
  brandId: '12345678',
  state: 'OPEN',
  startTs: 1,
  metaDataLastUpdateTs: 1,
  ttr: { ttrType: 'PRIORITIZED', value: 600 },
}
const dialog = {
  dialogId: 'd',
  participantsDetails: [{ id: 'c', role: 'CONSUMER', state: 'ACTIVE' }],
  dialogType: 'MAIN',
  channelType: 'MESSAGING',
  state: 'OPEN',
  creationTs: 1,
  metaDataLastUpdateTs: 1,
}
const stateOf = (conversationDetails: object, change: object = {}) => ({
  kind: 'notification',
  body: {
    sentTs: 1_654_764_432_768,
    changes: [{ type: 'UPSERT', result: { convId: 'd', conversationDetails }, ...change }],
  },
  type: 'cqm.ExConversationChangeNotification',
})

const documented: readonly (readonly [string, unknown])[] = [
  ['a private note', notificationOf(changeOf(text, { messageAudience: 'AGENTS_AND_MANAGERS' }))],
  [
    'the invitation to a secure form',
    notificationOf(
      changeOf({ type: 'ContentEvent', contentType: 'forms/secure-invitation', message: form }),
    ),
  ],
  [
    'the submission of a secure form',
    notificationOf(
      changeOf({
        type: 'ContentEvent',
        contentType: 'forms/secure-submission',
        message: { ...form, submissionId: 'sub-1' },
      }),
    ),
  ],
  [
    'an external file',
    notificationOf(
      changeOf({
        type: 'ContentEvent',
        contentType: 'external/file',
        message: { url: 'https://files.example.invalid/a.png', fileType: 'PNG' },
      }),
    ),
  ],
  ['several changes', notificationOf(changeOf(text), changeOf(text, { sequence: 4 }))],
  [
    'a CoBrowse dialog',
    stateOf({
      ...details,
      dialogs: [{ ...dialog, dialogType: 'CoBrowse', channelType: 'COBROWSE' }],
    }),
  ],
  ['the form of 2018', stateOf(details)],
  [
    'the fields of 2022',
    stateOf({
      ...details,
      dialogs: [{ ...dialog, metaData: { appInstallId: 'install-1' } }],
      conversationHandlerDetails: { accountId: '12345678', skillId: '7' },
    }),
  ],
]

test.each(documented)('%s is a notification, in strict mode too (WH-4.1)', (_, notification) => {
  expect(NotificationSchema.safeParse(notification)).toMatchObject({ success: true })
  expect(parseNotification(notification, { mode: 'strict' })).toEqual({
    ok: true,
    notification,
    diagnostics: [],
  })
})

const card = { type: 'button', title: 'Yes' }
const unknowns: readonly (readonly [string, string, unknown])[] = [
  ['an unknown type', '/type', { ...notificationOf({ any: 1 }, 'text'), type: 'new.Notification' }],
  ['an unknown kind', '/kind', { ...notificationOf(), kind: 'newer' }],
  ['an unknown field', '/body/mood', { ...notificationOf(), body: { changes: [], mood: 1 } }],
  ['an unknown event', '/body/changes/0/event/type', notificationOf(changeOf({ type: 'New' }))],
  [
    'an unknown content',
    '/body/changes/0/event/contentType',
    notificationOf(changeOf({ type: 'ContentEvent', contentType: 'new/content', message: 7 })),
  ],
  [
    'an unknown role',
    '/body/changes/0/originatorMetadata/role',
    notificationOf(changeOf(text, { originatorMetadata: { id: 'a', role: 'SUPERVISOR' } })),
  ],
  [
    'an unknown chat state',
    '/body/changes/0/event/chatState',
    notificationOf(changeOf({ type: 'ChatStateEvent', chatState: 'TYPING' })),
  ],
  [
    'an unknown status',
    '/body/changes/0/event/status',
    notificationOf(changeOf({ type: 'AcceptStatusEvent', status: 'SEEN', sequenceList: [0] })),
  ],
  [
    'an unknown audience',
    '/body/changes/0/messageAudience',
    notificationOf(changeOf(text, { messageAudience: 'MANAGERS' })),
  ],
  ['an unknown change', '/body/changes/0/type', stateOf(details, { type: 'DELETE' })],
  [
    'an unknown dialog type',
    '/body/changes/0/result/conversationDetails/dialogs/0/dialogType',
    stateOf({ ...details, dialogs: [{ ...dialog, dialogType: 'OTHER' }] }),
  ],
  [
    'an unknown closer',
    '/body/changes/0/result/conversationDetails/dialogs/0/closedBy',
    stateOf({ ...details, dialogs: [{ ...dialog, closedBy: 'SYSTEM' }] }),
  ],
  [
    'an unknown reason',
    '/body/changes/0/result/conversationDetails/closeReason',
    stateOf({ ...details, closeReason: 'SYSTEM' }),
  ],
]

test.each(unknowns)(
  '%s is a diagnostic at %s, and refused in strict mode only (WH-4.3)',
  (_, path, notification) => {
    expect(parseNotification(notification)).toMatchObject({
      ok: true,
      notification,
      diagnostics: [{ path }],
    })
    expect(parseNotification(notification, { mode: 'strict' })).toMatchObject({
      ok: false,
      problems: [{ path }],
    })
  },
)

test.each(['metadata', 'conversationId', 'serverTimestamp'])(
  'an optional field that is null is read as absent: %s (WH-4.3)',
  field => {
    const { [field]: _, ...without } = changeOf(text) as Record<string, unknown>
    expect(MessagingEventChangeSchema.parse({ ...without, [field]: null })).toEqual(without)
  },
)

test('an unknown field that is null stays', () => {
  const change = changeOf(text, { mood: null })
  expect(MessagingEventChangeSchema.parse(change)).toEqual(change)
})

test('a card under message is read as one under content (PUB-9)', () => {
  const event = { type: 'RichContentEvent', message: card }
  expect(NotifiedEventSchema.parse(event)).toEqual({ ...event, content: card })
  const both = { type: 'RichContentEvent', content: card, message: {} }
  expect(NotifiedEventSchema.parse(both)).toEqual(both)
  const neither = { type: 'RichContentEvent', content: null }
  expect(NotifiedEventSchema.safeParse(neither)).toMatchObject({ success: false })
})

test('the option for unknown tags does not read a broken value of a known tag', () => {
  for (const event of [
    { type: 'ContentEvent', contentType: 'text/plain', message: 7 },
    { type: 'ContentEvent' },
    { type: 'ChatStateEvent' },
  ])
    expect(NotifiedEventSchema.safeParse(event)).toMatchObject({ success: false })
  const broken = { ...notificationOf('text'), type: 'ms.MessagingEventNotification' }
  expect(NotificationSchema.safeParse(broken)).toMatchObject({ success: false })
})

test('an empty list of changes is a notification (WH-4.3)', () => {
  expect(NotificationSchema.safeParse(notificationOf())).toMatchObject({ success: true })
})

test('equal schemas have one received form, and a form that is set wins', () => {
  const sent = z.strictObject({ mode: z.enum(['a', 'b']), name: z.string().min(3).optional() })
  expect(toReceived(sent)).toBe(toReceived(sent))
  expect(toReceived(sent).parse({ mode: 'c', name: '', more: 1 })).toEqual({
    mode: 'c',
    name: '',
    more: 1,
  })
  const special = z.strictObject({ code: withReceivedForm(z.literal('OK'), z.unknown()) })
  expect(toReceived(special).parse({ code: 200 })).toEqual({ code: 200 })
  expectTypeOf<ReturnType<typeof toReceived<typeof special>>>().toExtend<
    z.ZodType<{ code: unknown }>
  >()
})

test('known values and tags have their types, and any other text is accepted', () => {
  expectTypeOf<MessagingEventChange['messageAudience']>().toEqualTypeOf<
    OpenEnum<'ALL' | 'AGENTS_AND_MANAGERS'> | undefined
  >()
  expectTypeOf<SentEventChange['messageAudience']>().toEqualTypeOf<
    'ALL' | 'AGENTS_AND_MANAGERS' | undefined
  >()
  expectTypeOf<ConversationDetails['stage']>().toEqualTypeOf<
    OpenEnum<'OPEN' | 'CLOSE'> | undefined
  >()
  type Text = Extract<NotifiedEvent, { contentType: 'text/plain' }>
  expectTypeOf<Text['message']>().toEqualTypeOf<string>()
  const read = (notification: Notification): string => {
    if (notification.type === 'ms.MessagingEventNotification')
      return notification.body.changes.map(({ dialogId }) => dialogId).join()
    if (notification.type === 'cqm.ExConversationChangeNotification')
      return notification.body.changes
        .map(change => (change.type === 'UPSERT' ? change.result.convId : change.type))
        .join()
    const type: string = notification.type
    return `${type} ${notification.body.changes.length}`
  }
  const newer = NotificationSchema.parse({ ...notificationOf(1, 2), type: 'new.Notification' })
  expect(read(newer)).toBe('new.Notification 2')
  expect(read(NotificationSchema.parse(notificationOf(changeOf(text))))).toBe('d')
  expect(read(NotificationSchema.parse(stateOf(details)))).toBe('d')
})

/** The places of a JSON Schema that would refuse an unknown field or value; the tags that an option excludes are none. */
function closedParts(part: unknown, path = ''): string[] {
  if (typeof part !== 'object' || part === null) return []
  return Object.entries(part).flatMap(([key, value]) => {
    if (key === 'not') return []
    const isClosed = key === 'enum' || (key === 'additionalProperties' && value === false)
    return [...(isClosed ? [`${path}/${key}`] : []), ...closedParts(value, `${path}/${key}`)]
  })
}

test.each([
  ['Notification', NotificationSchema],
  ['MessagingEventNotification', MessagingEventNotificationSchema],
  ['ExConversationChangeNotification', ExConversationChangeNotificationSchema],
  ['ConversationDetails', ConversationDetailsSchema],
  ['Participant', ParticipantSchema],
] as const)(
  'the JSON Schema of %s has no closed object and no closed enumeration (WH-4.3)',
  (_, schema) => {
    expect(closedParts(toJsonSchema(schema))).toEqual([])
    expect(closedParts({ a: { enum: ['A'] }, b: [{ additionalProperties: false }] })).toEqual([
      '/a/enum',
      '/b/0/additionalProperties',
    ])
  },
)
