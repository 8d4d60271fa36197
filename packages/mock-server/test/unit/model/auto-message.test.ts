import { expect, test } from 'vitest'
import type { Command, Environment } from '../../../src/model/command.ts'
import { reduce } from '../../../src/model/reduce.ts'

const named = ['AUTO_MESSAGES']
const text = { type: 'ContentEvent', contentType: 'text/plain', message: 'hi' } as const
const consumer = { id: 'me', role: 'CONSUMER' } as const

const environment: Environment = {
  now: 1000,
  survey: false,
  autoMessage: 'We are coming.',
  isStrict: false,
  isUploaded: () => false,
  newDialogId: () => 'survey',
}

/** Opens a conversation and sends one text, and says which events were counted. */
function firstText(options: {
  readonly openFeatures?: readonly string[]
  readonly sendFeatures?: readonly string[]
  readonly afterMs?: number
  readonly environment?: Environment
}) {
  const { openFeatures = named, sendFeatures = named, afterMs = 0 } = options
  const world = options.environment ?? environment
  const opening: Command = {
    type: 'open',
    conversationId: 'c',
    consumerId: 'me',
    request: {},
    features: openFeatures,
  }
  const publishing: Command = {
    type: 'publish',
    participant: consumer,
    dialogId: 'c',
    event: text,
    features: sendFeatures,
  }
  const { state } = reduce(undefined, opening, world)
  const first = reduce(state, publishing, { ...world, now: world.now + afterMs })
  const second = reduce(first.state, publishing, { ...world, now: world.now + afterMs })
  const said = ({ events }: typeof first) =>
    events.flatMap(event =>
      event.type === 'counted' ? [[event.entry.sequence, event.entry.role]] : [],
    )
  return { first, said: [said(first), said(second)] }
}

const noMessage = [[[0, 'CONSUMER']], [[1, 'CONSUMER']]]

test('lets the automatic message follow the first text, and no other [LIF-8, LIF-8a]', () => {
  const { first, said } = firstText({})
  expect(said).toEqual([
    [
      [0, 'CONSUMER'],
      [1, 'CONTROLLER'],
    ],
    [[2, 'CONSUMER']],
  ])
  expect(first.reply).toMatchObject({ ok: true, body: { sequence: 0 } })
  expect(first.events.at(-1)).toMatchObject({
    entry: { originatorId: 'controller', event: { ...text, message: 'We are coming.' } },
  })
  expect(first.state?.participants).toContainEqual({ id: 'controller', role: 'CONTROLLER' })
})

test('sends it within ten seconds of the creation [LIF-8]', () => {
  expect(firstText({ afterMs: 10_000 }).said[0]).toHaveLength(2)
  expect(firstText({ afterMs: 10_001 }).said).toEqual(noMessage)
})

test('sends none unless the client named AUTO_MESSAGES both times and the account has it [LIF-8]', () => {
  const { autoMessage: _none, ...without } = environment
  expect(firstText({ openFeatures: [] }).said).toEqual(noMessage)
  expect(firstText({ sendFeatures: [] }).said).toEqual(noMessage)
  expect(firstText({ environment: without }).said).toEqual(noMessage)
})

test('sends it after the first message of a batch as well [LIF-8]', () => {
  const step = reduce(
    undefined,
    {
      type: 'open',
      conversationId: 'c',
      consumerId: 'me',
      request: {},
      features: named,
      firstMessage: { event: text },
    },
    environment,
  )
  expect(step.reply).toMatchObject({ ok: true, body: { conversationId: 'c', sequence: 0 } })
  expect(step.state?.dialogs[0]?.nextSequence).toBe(2)
})
