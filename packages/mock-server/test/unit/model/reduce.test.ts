import { expect, test } from 'vitest'
import type { Command } from '../../../src/model/command.ts'
import type { ConversationState } from '../../../src/model/conversation-state.ts'
import { reduce } from '../../../src/model/reduce.ts'

const environment = {
  now: 1,
  survey: false,
  isStrict: false,
  isUploaded: () => false,
  newDialogId: () => 'survey',
}

const open = (request: Extract<Command, { type: 'open' }>['request'] = {}) => {
  const command = {
    type: 'open',
    conversationId: 'c',
    consumerId: 'me',
    request,
    features: [],
  } as const
  const { state } = reduce(undefined, command, environment)
  if (state === undefined) throw new Error('not opened')
  return state
}

const consumer = { id: 'me', role: 'CONSUMER' } as const
const agent = { id: 'agent-1', role: 'ASSIGNED_AGENT' } as const
const text = { type: 'ContentEvent', contentType: 'text/plain', message: 'hi' } as const

const publish = (state: ConversationState | undefined, command: Partial<Command> = {}) =>
  reduce(
    state,
    { type: 'publish', participant: consumer, dialogId: 'c', event: text, ...command } as Command,
    { ...environment, now: 2 },
  )

test.each([
  [undefined, 'PRIORITIZED', 600],
  [null, 'PRIORITIZED', 600],
  ['PRIORITIZED', 'PRIORITIZED', 600],
  ['NORMAL', 'NORMAL', 3600],
  ['URGENT', 'URGENT', 300],
  ['CUSTOM', 'PRIORITIZED', 600],
] as const)(
  'gives a conversation with ttrDefName %s the time to respond %s, %s s [LIF-7, LIF-7a, CON-1a]',
  (ttrDefName, ttrType, value) => {
    expect(open(ttrDefName === undefined ? {} : { ttrDefName }).ttr).toEqual({ ttrType, value })
  },
)

test('opens with skill "-1" where none is asked for [LIF-7]', () => {
  expect([open().skillId, open({ skillId: '12' }).skillId]).toEqual(['-1', '12'])
})

test('lets all participants of a dialog share one counter [SEQ-2]', () => {
  const replies: unknown[] = []
  let state: ConversationState | undefined = open()
  for (const participant of [consumer, agent, agent, consumer]) {
    const step = publish(state, { participant })
    replies.push(step.reply)
    state = step.state
  }
  expect(replies).toMatchObject([0, 1, 2, 3].map(sequence => ({ ok: true, body: { sequence } })))
})

test('keeps the chat state of each participant apart [CS-1]', () => {
  const composing = { type: 'ChatStateEvent', chatState: 'COMPOSING' } as const
  const first = publish(open(), { event: composing })
  const second = publish(first.state, {
    participant: agent,
    event: { ...composing, chatState: 'ACTIVE' },
  })
  expect(second.state?.dialogs[0]?.chatStates).toEqual([
    { participantId: 'me', role: 'CONSUMER', chatState: 'COMPOSING', since: 2 },
    { participantId: 'agent-1', role: 'ASSIGNED_AGENT', chatState: 'ACTIVE', since: 2 },
  ])
})

test('changes nothing where it refuses', () => {
  const state = open()
  const foreign = publish(state, { participant: { id: 'other', role: 'CONSUMER' } })
  expect(foreign).toMatchObject({ state, reply: { ok: false, errorCode: 40103 }, events: [] })
  expect(publish(undefined)).toMatchObject({
    state: undefined,
    reply: { ok: false, errorCode: 40451 },
    events: [],
  })
})

test('does not touch the state that it was given', () => {
  const state = open()
  const before = structuredClone(state)
  publish(state)
  expect(state).toEqual(before)
})
