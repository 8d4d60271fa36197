import { expect } from 'vitest'
import { view } from '../calls.ts'
import {
  close,
  closeDialog,
  csat,
  mainDialog,
  openWithSurvey,
  publish,
  send,
  surveyDialog,
  text,
  ttr,
  update,
} from '../requests.ts'
import { answers, hasNo, type Row, refuses, refusesAt, shows, succeeds, takes } from '../row.ts'
import { conversationId } from '../world.ts'

const isResolved = succeeds({ msg: 'OK Conversation resolved successfully' })
const isOk = succeeds({ msg: 'OK' })

const at = (field: string) => refusesAt(`/body/conversationField${field}`)

const stage = { field: 'Stage', conversationState: 'CLOSE' }

const survey = { settings: { survey: true }, hasConversation: false } as const

const csatWithout = (name: string) => update({ ...csat, [name]: undefined })

/** The fields of a conversation. */
export const updateRows: readonly Row[] = [
  {
    rule: 'UPD-1',
    sentence: 'takes one field, and an array of fields',
    steps: [
      [update(csat), isOk],
      [update([csat, ttr('CUSTOM', 90)]), isOk],
      [view, shows({ csat: { csatRate: 5 }, ttr: { ttrType: 'CUSTOM', value: 90 } })],
    ],
  },
  {
    rule: 'UPD-1',
    sentence: 'refuses a change without conversationId or field, and an unknown field',
    steps: [
      [
        send({ type: 'cm.UpdateConversationField', body: { conversationField: csat } }),
        refusesAt('/body/conversationId'),
      ],
      [
        send({ type: 'cm.UpdateConversationField', body: { conversationId } }),
        refusesAt('/body/conversationField'),
      ],
      [update({ field: 'Topic' }), at('/field')],
    ],
  },
  {
    rule: 'UPD-1a',
    sentence: 'applies several fields in order, with one answer',
    steps: [
      [update([ttr('CUSTOM', 1), ttr('CUSTOM', 2)]), isOk],
      [view, shows({ ttr: { ttrType: 'CUSTOM', value: 2 } })],
    ],
  },
  {
    rule: 'UPD-1a',
    sentence: 'applies none of several fields where one is refused',
    steps: [
      [
        update([
          csat,
          ttr('CUSTOM', 1),
          { field: 'DialogChange', type: 'UPDATE', dialog: { dialogId: '?', state: 'CLOSE' } },
        ]),
        refuses(40451),
      ],
      [view, shows({ stage: 'OPEN', ttr: { ttrType: 'PRIORITIZED', value: 600 } }), hasNo('csat')],
      [update([ttr('CUSTOM', 1), { field: 'CSATRate' }]), answers(400)],
      [view, shows({ ttr: { ttrType: 'PRIORITIZED', value: 600 } })],
    ],
  },
  {
    rule: 'UPD-2',
    sentence: 'closes the conversation and all its dialogs, without a survey',
    ...survey,
    steps: [
      [openWithSurvey, answers(200)],
      [close, isResolved],
      [view, shows({ state: 'CLOSE', stage: 'CLOSE', dialogs: [{ state: 'CLOSE' }] })],
    ],
  },
  {
    rule: 'UPD-2',
    sentence: 'closes an open survey with the conversation',
    ...survey,
    steps: [
      [openWithSurvey, answers(200)],
      [closeDialog(mainDialog), isResolved],
      [close, isResolved],
      [
        view,
        shows({
          state: 'CLOSE',
          stage: 'CLOSE',
          dialogs: [{ state: 'CLOSE' }, { state: 'CLOSE' }],
        }),
      ],
    ],
  },
  {
    rule: 'UPD-3',
    sentence: 'closes the dialog, and opens a survey with an id of its own',
    ...survey,
    steps: [
      [openWithSurvey, answers(200)],
      [closeDialog(mainDialog), isResolved],
      [
        view,
        shows(({ memory }) => ({
          state: 'CLOSE',
          stage: 'OPEN',
          dialogs: [
            { dialogId: memory.conversationId, dialogType: 'MAIN', state: 'CLOSE' },
            {
              dialogId: expect.stringMatching(/^[\w-]{22}$/),
              dialogType: 'POST_SURVEY',
              state: 'OPEN',
            },
          ],
        })),
      ],
      [closeDialog(surveyDialog), isResolved],
      [view, shows({ stage: 'CLOSE', dialogs: [{ state: 'CLOSE' }, { state: 'CLOSE' }] })],
    ],
  },
  {
    rule: 'UPD-3',
    sentence: 'closes the conversation with its dialog where no survey is configured',
    settings: { survey: false },
    steps: [
      [
        update({
          field: 'DialogChange',
          type: 'UPDATE',
          dialog: { dialogId: conversationId, state: 'CLOSE', closedCause: 'bored' },
        }),
        isResolved,
      ],
      [view, shows({ state: 'CLOSE', stage: 'CLOSE', dialogs: [{ state: 'CLOSE' }] })],
    ],
  },
  {
    rule: 'UPD-3',
    sentence: 'refuses another type, another state and a dialog without id',
    steps: [
      [
        update({ field: 'DialogChange', type: 'ADD', dialog: { dialogId: 'x', state: 'CLOSE' } }),
        at('/type'),
      ],
      [
        update({ field: 'DialogChange', type: 'UPDATE', dialog: { dialogId: 'x', state: 'OPEN' } }),
        at('/dialog/state'),
      ],
      [
        update({ field: 'DialogChange', type: 'UPDATE', dialog: { state: 'CLOSE' } }),
        at('/dialog/dialogId'),
      ],
    ],
  },
  {
    rule: 'UPD-4',
    sentence: 'closes everything by the stage, without a survey',
    ...survey,
    steps: [
      [openWithSurvey, answers(200)],
      [update(stage), isResolved],
      [view, shows({ state: 'CLOSE', stage: 'CLOSE', dialogs: [{ state: 'CLOSE' }] })],
    ],
  },
  {
    rule: 'UPD-4',
    sentence: 'refuses to open what is open',
    steps: [
      [update({ ...stage, conversationState: 'OPEN' }), at('/conversationState')],
      [
        update({ field: 'ConversationStateField', conversationState: 'OPEN' }),
        at('/conversationState'),
      ],
      [publish(text('hi')), takes(0)],
    ],
  },
  {
    rule: 'UPD-5',
    sentence: 'takes a rating while the conversation is open and after it is closed',
    steps: [
      [update({ ...csat, csatRate: 1, status: 'PARTIALLY_FILLED' }), isOk],
      [view, shows({ stage: 'OPEN', csat: { csatRate: 1, status: 'PARTIALLY_FILLED' } })],
      [close, isResolved],
      [update({ ...csat, csatResolutionConfirmation: false, status: 'SKIPPED' }), isOk],
      [
        view,
        shows({
          stage: 'CLOSE',
          csat: { csatRate: 5, csatResolutionConfirmation: false, status: 'SKIPPED' },
        }),
      ],
    ],
  },
  {
    rule: 'UPD-5',
    sentence: 'refuses a rating that is incomplete or out of range',
    steps: [
      [csatWithout('csatRate'), at('/csatRate')],
      [csatWithout('csatResolutionConfirmation'), at('/csatResolutionConfirmation')],
      [csatWithout('status'), at('/status')],
      [update({ ...csat, csatRate: 0 }), at('/csatRate')],
      [update({ ...csat, csatRate: 6 }), at('/csatRate')],
      [update({ ...csat, csatRate: '5' }), at('/csatRate')],
      [update({ ...csat, csatResolutionConfirmation: 'true' }), at('/csatResolutionConfirmation')],
      [update({ ...csat, status: 'EMPTY' }), at('/status')],
    ],
  },
  ...['CUSTOM', 'NORMAL', 'PRIORITIZED', 'URGENT'].map(
    (ttrType): Row => ({
      rule: 'UPD-6',
      sentence: `sets the time to respond to ${ttrType}`,
      steps: [
        [update(ttr(ttrType, 0)), isOk],
        [view, shows({ ttr: { ttrType, value: 0 } })],
      ],
    }),
  ),
  {
    rule: 'UPD-6',
    sentence: 'refuses another name, and a negative value',
    steps: [
      [update(ttr('SLOW', 1)), at('/ttrType')],
      [update(ttr('NORMAL', -1)), at('/value')],
      [update(ttr('NORMAL', '60')), at('/value')],
    ],
  },
]
