import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { UnknownChangeContext, WebhookHandlerOptions } from '../../../src/index.ts'
import { webhookChannels } from '../../../src/index.ts'
import { deliver, install, secret } from '../../webhooks/deliveries.ts'
import { createWebhookRecorder } from '../../webhooks/recorder.ts'

const manager = { id: 'agent-1', role: 'MANAGER' }
const text = { type: 'ContentEvent', message: 'do not refund', contentType: 'text/plain' }
const form = { formId: '17', title: 'Payment details', invitationId: 'inv-1' }

const changeOf = (event: unknown, fields: object = {}) => ({
  sequence: 0,
  originatorId: manager.id,
  originatorMetadata: manager,
  serverTimestamp: 1_658_842_897_200,
  event,
  conversationId: 'conv-1',
  dialogId: 'conv-1',
  messageAudience: 'ALL',
  ...fields,
})

const notify = (changes: readonly unknown[], type: unknown = 'ms.MessagingEventNotification') =>
  deliver({ kind: 'notification', body: { changes }, type })

const conversation = 'cqm.ExConversationChangeNotification'
const stateOf = (details: object = {}, change: object = {}) => ({
  type: 'UPSERT',
  result: {
    convId: 'conv-1',
    conversationDetails: {
      participants: [],
      brandId: '12345678',
      state: 'OPEN',
      startTs: 1,
      metaDataLastUpdateTs: 1,
      ttr: { ttrType: 'PRIORITIZED', value: 600 },
      ...details,
    },
  },
  ...change,
})

/** A receiver with every handler, and what each was given. */
function createReceiver(options: Partial<WebhookHandlerOptions> = {}) {
  const calls: (readonly [handler: string, change: unknown, reason?: string])[] = []
  const handlerOf = (name: string) => (change: unknown) => void calls.push([name, change])
  const webhooks = createWebhookRecorder({
    reorderWithinMs: 0,
    on: {
      ContentEvent: handlerOf('ContentEvent'),
      RichContentEvent: handlerOf('RichContentEvent'),
      AcceptStatusEvent: handlerOf('AcceptStatusEvent'),
      ChatStateEvent: handlerOf('ChatStateEvent'),
      ExConversationChangeNotification: handlerOf('ExConversationChangeNotification'),
      PrivateNote: handlerOf('PrivateNote'),
    },
    onUnknown: (change: unknown, { reason }: UnknownChangeContext) =>
      void calls.push(['onUnknown', change, reason]),
    ...options,
  })
  return {
    calls,
    webhooks,
    async statusOf(delivery: ReturnType<typeof deliver>) {
      const { status } = await webhooks.receive(delivery)
      await webhooks.idle()
      return status
    },
    [Symbol.asyncDispose]: webhooks.close,
  }
}

const contentOf = (contentType: string, message: unknown) =>
  changeOf({ type: 'ContentEvent', contentType, message })

test.each([
  ['an invitation to a secure form', contentOf('forms/secure-invitation', form)],
  [
    'the submission of a secure form',
    contentOf('forms/secure-submission', { ...form, submissionId: 'sub-1' }),
  ],
  [
    'an external file',
    contentOf('external/file', { url: 'https://files.example.invalid/a.png', fileType: 'PNG' }),
  ],
  ['a text of an unknown role', changeOf(text, { originatorMetadata: { id: 'a', role: 'NEW' } })],
  ['a text with an unknown field', changeOf({ ...text, mood: 'good' }, { more: [1] })],
])('%s reaches ContentEvent as it came (WH-4.3)', async (_, change) => {
  await using receiver = createReceiver()
  expect(await receiver.statusOf(notify([change]))).toBe(200)
  expect(receiver.calls).toEqual([['ContentEvent', change]])
})

test('metadata that is null is none, and a change of 2018 without conversationId is in that of its dialog (WH-4.3)', async () => {
  await using receiver = createReceiver()
  const { conversationId, ...older } = changeOf(text)
  expect(await receiver.statusOf(notify([{ ...older, metadata: null }]))).toBe(200)
  expect(receiver.calls).toEqual([['ContentEvent', { ...older, conversationId }]])
})

test.each([
  ['ChatStateEvent', { type: 'ChatStateEvent', chatState: 'TYPING' }],
  ['AcceptStatusEvent', { type: 'AcceptStatusEvent', status: 'SEEN', sequenceList: [0] }],
])('an unknown value reaches %s (WH-4.3)', async (handler, event) => {
  await using receiver = createReceiver()
  expect(await receiver.statusOf(notify([changeOf(event)]))).toBe(200)
  expect(receiver.calls).toEqual([[handler, changeOf(event)]])
})

test('a card under message reaches its handler under content (PUB-9)', async () => {
  await using receiver = createReceiver()
  const event = { type: 'RichContentEvent', message: { type: 'button' } }
  expect(await receiver.statusOf(notify([changeOf(event)]))).toBe(200)
  expect(receiver.calls).toMatchObject([
    ['RichContentEvent', { event: { content: { type: 'button' } } }],
  ])
})

const dialog = {
  dialogId: 'conv-1',
  participantsDetails: [{ id: 'c', role: 'CONSUMER', state: 'ACTIVE' }],
  dialogType: 'CoBrowse',
  channelType: 'COBROWSE',
  state: 'OPEN',
  creationTs: 1,
  metaDataLastUpdateTs: 1,
  closedBy: 'SYSTEM',
}

test.each([
  ['the form of 2018', stateOf()],
  ['a CoBrowse dialog with an unknown closer', stateOf({ dialogs: [dialog] })],
  ['an unknown reason and state', stateOf({ closeReason: 'SYSTEM', state: 'LOCKED' })],
])('a conversation with %s reaches its handler (WH-4.3)', async (_, change) => {
  await using receiver = createReceiver()
  expect(await receiver.statusOf(notify([change], conversation))).toBe(200)
  expect(receiver.calls).toEqual([['ExConversationChangeNotification', change]])
})

const unknowns: readonly (readonly [string, unknown, unknown?])[] = [
  ['type', { any: 1 }, 'new.Notification'],
  ['type', { any: 1 }, 7],
  ['type', changeOf({ type: 'NewEvent' })],
  ['type', contentOf('new/content', { any: 1 })],
  ['type', stateOf({}, { type: 'DELETE' }), conversation],
  ['form', 'a text'],
  ['form', null],
  ['form', [changeOf(text)]],
  ['form', changeOf({ type: 'ContentEvent', contentType: 'text/plain', message: 7 })],
  ['form', changeOf(undefined)],
  ['form', stateOf({ participants: 'none' }), conversation],
  ['audience', changeOf(text, { messageAudience: 'MANAGERS' })],
  ['audience', changeOf(text, { messageAudience: null })],
  ['audience', changeOf(text, { messageAudience: 'all' })],
  ['audience', stateOf({}, { messageAudience: 'AGENTS_AND_MANAGERS' }), conversation],
]

test.each(unknowns)(
  'a change of an unknown %s reaches onUnknown as it came: %j %s (WH-4.3)',
  async (reason, change, type) => {
    await using receiver = createReceiver()
    expect(await receiver.statusOf(notify([change], type))).toBe(200)
    expect(receiver.calls).toEqual([['onUnknown', change, reason]])
  },
)

test('an empty list of changes is acknowledged (WH-4.3)', async () => {
  await using receiver = createReceiver()
  expect(await receiver.statusOf(notify([]))).toBe(200)
  expect(receiver.calls).toEqual([])
})

const events = [
  text,
  { type: 'RichContentEvent', content: {} },
  { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [0] },
  { type: 'ChatStateEvent', chatState: 'COMPOSING' },
]

test.each(events)('a private $type reaches PrivateNote alone (WH-4a)', async event => {
  await using receiver = createReceiver()
  const change = changeOf(event, { messageAudience: 'AGENTS_AND_MANAGERS' })
  expect(await receiver.statusOf(notify([change]))).toBe(200)
  expect(receiver.calls).toEqual([['PrivateNote', change]])
})

test('without handler a private note and an unknown change are acknowledged, published and logged (WH-4a)', async () => {
  const published: unknown[] = []
  const onMessage = (message: unknown): void => void published.push(message)
  const lines: string[] = []
  subscribe(webhookChannels.unhandled, onMessage)
  await using receiver = createReceiver({ on: {}, log: line => lines.push(line) })
  const note = changeOf(text, { messageAudience: 'AGENTS_AND_MANAGERS' })
  const newer = changeOf({ type: 'New\nEvent' }, { sequence: 1 })
  expect(await receiver.statusOf(notify([note]))).toBe(200)
  await using other = createWebhookRecorder({ log: line => lines.push(line), reorderWithinMs: 0 })
  expect((await other.receive(notify([newer]))).status).toBe(200)
  await other.idle()
  unsubscribe(webhookChannels.unhandled, onMessage)

  expect(other.log).toEqual([])
  const type = 'ms.MessagingEventNotification'
  expect(published).toMatchObject([
    { ...install, missing: 'on.PrivateNote', type, change: note },
    { ...install, missing: 'onUnknown', type, reason: 'type', change: newer },
  ])
  expect(lines).toEqual([
    `webhook ${type} conv-1 conv-1 0 is a private note and there is no on.PrivateNote`,
    `webhook ${type} conv-1 conv-1 1 has an unknown type and there is no onUnknown`,
  ])
})

test('of several changes the repeat runs only those that failed', async () => {
  const handled: string[] = []
  let isBroken = true
  const change = (sequence: number) => changeOf({ ...text, message: `${sequence}` }, { sequence })
  const delivery = notify([change(0), change(1), 'unknown', change(2)])
  await using webhooks = createWebhookRecorder({
    acknowledge: 'handled',
    on: {
      ContentEvent({ event: { message } }) {
        handled.push(JSON.stringify(message))
        if (isBroken && message === '1') throw new Error('out of order')
      },
    },
    onUnknown: value => void handled.push(JSON.stringify(value)),
  })

  expect((await webhooks.receive(delivery)).status).toBe(500)
  expect(handled.toSorted()).toEqual(['"0"', '"1"', '"2"', '"unknown"'])
  isBroken = false
  expect((await webhooks.receive(delivery)).status).toBe(200)
  expect((await webhooks.receive(delivery)).status).toBe(200)
  expect(handled.toSorted()).toEqual(['"0"', '"1"', '"1"', '"2"', '"unknown"'])
})

test('changes are known one by one, in whichever notification they come (SEQ-1)', async () => {
  await using receiver = createReceiver()
  const [first, second] = [changeOf(text), changeOf(text, { sequence: 1 })]
  const newer = { any: 1 }
  expect(await receiver.statusOf(notify([first, newer]))).toBe(200)
  expect(await receiver.statusOf(notify([newer, second, first]))).toBe(200)
  expect(await receiver.statusOf(notify([newer], 'new.Notification'))).toBe(200)
  expect(receiver.calls).toEqual([
    ['ContentEvent', first],
    ['onUnknown', newer, 'form'],
    ['ContentEvent', second],
    ['onUnknown', newer, 'type'],
  ])
})

test('an unknown change with a number takes its place in the order of its dialog (SEQ-1)', async () => {
  await using receiver = createReceiver({ reorderWithinMs: 1000 })
  const changes = [1, 2].map(sequence => changeOf(text, { sequence }))
  const newer = changeOf({ type: 'NewEvent' })
  expect(await receiver.statusOf(notify([...changes, newer]))).toBe(200)
  expect(receiver.calls.map(([handler]) => handler)).toEqual([
    'onUnknown',
    'ContentEvent',
    'ContentEvent',
  ])
})

test('more changes than maxPending are refused with 413, and as many are not', async () => {
  await using receiver = createReceiver({ maxPending: 2 })
  expect(await receiver.statusOf(notify([1, 2, 3]))).toBe(413)
  expect(receiver.calls).toEqual([])
  expect(await receiver.statusOf(notify([1, 2]))).toBe(200)
  expect(receiver.calls).toHaveLength(2)
})

test('a change that is nested too deeply to be written as JSON is handed on once', async () => {
  await using receiver = createReceiver()
  const bodyOf = (depth: number) =>
    deliver(`{"kind":"k","type":"t","body":{"changes":[${'['.repeat(depth)}${']'.repeat(depth)}]}}`)
  expect(await receiver.statusOf(bodyOf(40_000))).toBe(200)
  expect(await receiver.statusOf(bodyOf(40_000))).toBe(200)
  expect(receiver.calls.map(([handler]) => handler)).toEqual(['onUnknown'])
  expect(await receiver.statusOf(bodyOf(40_001))).toBe(200)
  expect(receiver.calls).toHaveLength(2)
})

const json = fc
  .jsonValue({ maxDepth: 2 })
  .map(value => JSON.parse(JSON.stringify(value)) as unknown)

const audience = fc.constantFrom('ALL', 'AGENTS_AND_MANAGERS', 'all', 'SUPERVISORS', '', null, 0)

const knownChange = fc
  .tuple(
    fc.constantFrom(...events, { type: 'NewEvent' }, contentOf('new/content', 1).event),
    fc.dictionary(fc.constantFrom('metadata', 'event', 'sequence', 'dialogId', 'x'), json, {
      maxKeys: 1,
      noNullPrototype: true,
    }),
    fc.option(audience, { nil: undefined }),
  )
  .map(([event, odd, messageAudience]) => {
    const { messageAudience: _, ...change } = changeOf(event, odd)
    return messageAudience === undefined ? change : { ...change, messageAudience }
  })

const anyChange = fc.oneof(
  knownChange,
  fc
    .tuple(fc.constant(stateOf()), audience)
    .map(([state, of]) => ({ ...state, messageAudience: of })),
  fc.constant(stateOf()),
  json,
)

const asFresh = (change: unknown, index: number): unknown =>
  typeof change === 'object' && change !== null && !Array.isArray(change)
    ? { ...change, originatorId: `agent ${index}`, conversationId: `conv ${index}`, index }
    : [index, change]

test('any notification that is signed is acknowledged, each change reaches one handler, and none for another audience a consumer’s (WH-4.3) (WH-4a)', async () => {
  const types = fc.constantFrom('ms.MessagingEventNotification', conversation, 'new.Type')
  const law = fc.asyncProperty(
    fc.record({
      kind: fc.oneof(fc.constant('notification'), json),
      type: fc.oneof(types, json),
      body: fc.record({ changes: fc.array(anyChange, { maxLength: 4 }), more: json }),
    }),
    async notification => {
      const changes = notification.body.changes.map(asFresh)
      await using receiver = createReceiver({ acknowledge: 'handled', clientSecret: secret })
      const body = { ...notification.body, changes }
      expect(await receiver.statusOf(deliver({ ...notification, body }))).toBe(200)
      expect(receiver.calls).toHaveLength(changes.length)
      const hidden = ['onUnknown', 'PrivateNote']
      for (const change of changes) {
        const { messageAudience, index } = Object(change) as Record<string, unknown>
        if (messageAudience === undefined || messageAudience === 'ALL') continue
        const call = receiver.calls.find(([, given]) => Object(given)['index'] === index)
        expect(hidden).toContain(call?.[0])
      }
    },
  )
  await fc.assert(law, { numRuns: 500 })
})
