import { expect } from 'vitest'
import { advance, agent, together, view } from '../calls.ts'
import {
  card,
  chatState,
  close,
  closeDialog,
  mainDialog,
  openWithSurvey,
  publish,
  publishTo,
  receipt,
  surveyDialog,
  text,
} from '../requests.ts'
import { answers, type Expectation, type Row, shows, takes } from '../row.ts'
import { nowMs } from '../world.ts'

const consumer = expect.stringMatching(/^[0-9a-f]{64}$/)

/** The chat state of the consumer as it is shown. */
const consumersState = (state: string, since: number) => ({
  participantId: consumer,
  role: 'CONSUMER',
  chatState: state,
  since,
})

/** The chat state of a consumer who has none. */
const noState = { participantId: consumer, chatState: null }

/** Expects as many answers as there are numbers from 0 up to `count`, each number once. */
const takeEachNumber =
  (count: number): Expectation =>
  ({ json }) => {
    const taken = (json as { body: { sequence: number } }[]).map(({ body }) => body.sequence)
    expect(taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, n) => n))
  }

const numbersOf = (count: number) => Array.from({ length: count }, (_, sequence) => ({ sequence }))

/** Sequence numbers. */
export const sequenceRows: readonly Row[] = [
  {
    rule: 'SEQ-1',
    sentence: 'numbers texts, cards, files and receipts from 0 in steps of 1',
    steps: [
      [publish(text('zero')), takes(0)],
      [publish(receipt('READ', [0])), takes(1)],
      [publish(card), takes(2)],
      [
        publish({
          type: 'ContentEvent',
          contentType: 'hosted/file',
          message: { relativePath: '/v1/x', fileType: 'PNG' },
        }),
        takes(3),
      ],
      [view, shows({ dialogs: [{ nextSequence: 4, transcript: numbersOf(4) }] })],
    ],
  },
  {
    rule: 'SEQ-2',
    sentence: 'counts what the agent publishes on the same counter',
    steps: [
      [publish(text('zero')), takes(0)],
      [agent('say', { text: 'one' }), answers(200, { sequence: 1 })],
      [agent('read'), answers(200, { sequence: 2 })],
      [publish(text('three')), takes(3)],
      [view, shows({ dialogs: [{ nextSequence: 4, transcript: numbersOf(4) }] })],
    ],
  },
  {
    rule: 'SEQ-3',
    sentence: 'starts at 0 again in a survey',
    settings: { survey: true },
    hasConversation: false,
    steps: [
      [openWithSurvey, answers(200)],
      [publish(text('zero')), takes(0)],
      [publish(text('one')), takes(1)],
      [closeDialog(mainDialog), answers(200)],
      [publishTo(surveyDialog, text('zero')), takes(0)],
      [publishTo(surveyDialog, receipt('READ', [0])), takes(1)],
    ],
  },
  {
    rule: 'SEQ-4',
    sentence: 'answers a chat state with 0, and gives it no number',
    steps: [
      [publish(chatState('ACTIVE')), takes(0)],
      [publish(text('zero')), takes(0)],
      [publish(text('one')), takes(1)],
      [publish(chatState('COMPOSING')), takes(0)],
      [publish(text('two')), takes(2)],
    ],
  },
  {
    rule: 'SEQ-5',
    sentence: 'numbers repeats of one text 0, 1, 2, not 0, 2, 4',
    steps: [
      [publish(text('again')), takes(0)],
      [publish(text('again')), takes(1)],
      [publish(text('again')), takes(2)],
    ],
  },
  {
    rule: 'SEQ-6',
    sentence: 'gives 100 texts that are sent at once 100 numbers without a gap',
    steps: [
      [
        together(Array.from({ length: 100 }, (_, n) => publish(text(`message ${n}`)))),
        takeEachNumber(100),
      ],
      [view, shows({ dialogs: [{ nextSequence: 100, transcript: numbersOf(100) }] })],
    ],
  },
]

/** Chat states. */
export const chatStateRows: readonly Row[] = [
  {
    rule: 'CS-1',
    sentence: 'keeps the last chat state: null before the first and after the close',
    steps: [
      [view, shows({ dialogs: [{ chatStates: [noState] }] })],
      [publish(chatState('ACTIVE')), takes(0)],
      [publish(chatState('PAUSE')), takes(0)],
      [view, shows({ dialogs: [{ chatStates: [consumersState('PAUSE', nowMs)] }] })],
      [close, answers(200)],
      [view, shows({ dialogs: [{ chatStates: [noState] }] })],
    ],
  },
  {
    rule: 'CS-1',
    sentence: 'keeps the chat state of each participant',
    steps: [
      [publish(chatState('COMPOSING')), takes(0)],
      [agent('type', { chatState: 'ACTIVE' }), answers(200)],
      [
        view,
        shows({
          dialogs: [
            {
              chatStates: expect.arrayContaining([
                consumersState('COMPOSING', nowMs),
                {
                  participantId: 'agent-1',
                  role: 'ASSIGNED_AGENT',
                  chatState: 'ACTIVE',
                  since: nowMs,
                },
              ]),
            },
          ],
        }),
      ],
    ],
  },
  {
    rule: 'CS-1',
    sentence: 'keeps the chat states of a survey apart from those of the main dialog',
    settings: { survey: true },
    hasConversation: false,
    steps: [
      [openWithSurvey, answers(200)],
      [publish(chatState('COMPOSING')), takes(0)],
      [closeDialog(mainDialog), answers(200)],
      [
        view,
        shows({
          dialogs: [{ chatStates: [noState] }, { chatStates: [noState] }],
        }),
      ],
    ],
  },
  {
    rule: 'CS-2',
    sentence: 'keeps COMPOSING over a text, until another chat state is sent',
    steps: [
      [publish(chatState('COMPOSING')), takes(0)],
      [advance(1000), answers(200)],
      [publish(text('zero')), takes(0)],
      [view, shows({ dialogs: [{ chatStates: [consumersState('COMPOSING', nowMs)] }] })],
      [publish(chatState('PAUSE')), takes(0)],
      [view, shows({ dialogs: [{ chatStates: [consumersState('PAUSE', nowMs + 1000)] }] })],
    ],
  },
  {
    rule: 'CS-3',
    sentence: 'keeps chat states out of the transcript',
    steps: [
      [publish(chatState('COMPOSING')), takes(0)],
      [publish(text('zero')), takes(0)],
      [publish(chatState('PAUSE')), takes(0)],
      [view, shows({ dialogs: [{ nextSequence: 1, transcript: [{ event: text('zero') }] }] })],
    ],
  },
  {
    rule: 'CS-3',
    sentence: 'keeps each change of a chat state, with its time, in the history of the dialog',
    steps: [
      [publish(chatState('COMPOSING')), takes(0)],
      [advance(1000), answers(200)],
      [publish(chatState('PAUSE')), takes(0)],
      [
        view,
        shows({
          dialogs: [
            {
              chatStateHistory: [
                consumersState('COMPOSING', nowMs),
                consumersState('PAUSE', nowMs + 1000),
              ],
            },
          ],
        }),
      ],
    ],
  },
]
