import { expect } from 'vitest'
import { afterOpening, view } from '../calls.ts'
import {
  chatState,
  close,
  closeDialog,
  closing,
  csat,
  mainDialog,
  open,
  publish,
  publishTo,
  receipt,
  send,
  surveyDialog,
  text,
  ttr,
  update,
} from '../requests.ts'
import { answers, answersText, type Row, refuses, shows, takes } from '../row.ts'
import { inSurvey } from '../steps.ts'
import { conversationId } from '../world.ts'

const noReceipt = { details: 'Dialog does not accept AcceptStatusEvent' }

/** The life of conversations and dialogs. */
export const lifecycleRows: readonly Row[] = [
  {
    rule: 'LIF-1',
    sentence: 'shows the state of the main dialog and the stage of the whole conversation',
    ...inSurvey([
      [view, shows({ state: 'CLOSE', stage: 'OPEN' })],
      [closeDialog(surveyDialog), answers(200)],
      [view, shows({ state: 'CLOSE', stage: 'CLOSE' })],
    ]),
  },
  {
    rule: 'LIF-1',
    sentence: 'shows a conversation as open until its main dialog closes',
    steps: [
      [view, shows({ state: 'OPEN', stage: 'OPEN' })],
      [close, answers(200)],
      [view, shows({ state: 'CLOSE', stage: 'CLOSE' })],
    ],
  },
  {
    rule: 'LIF-2.1',
    sentence: 'says Conversation is close to a publish after the close',
    steps: [
      [close, answers(200)],
      [
        publish(text('late')),
        answers(
          400,
          expect.objectContaining({
            body: expect.objectContaining({ details: 'Conversation is close' }),
          }),
        ),
      ],
    ],
  },
  {
    rule: 'LIF-2.2',
    sentence: 'refuses every event after the close with 40054, and changes nothing',
    steps: [
      [publish(text('zero')), takes(0)],
      [close, answers(200)],
      [
        publish(text('late')),
        answersText(
          400,
          '{"kind":"resp","reqId":"1","code":400,"body":{"title":"Bad Request","details":"Conversation is close","errorCode":40054},"type":".ReqBody$ErrorResp"}',
        ),
      ],
      [publish(receipt('READ', [0])), refuses(40054)],
      [publish(chatState('COMPOSING')), refuses(40054)],
      [
        view,
        shows({
          dialogs: [{ nextSequence: 1, chatStates: [{ chatState: null }], transcript: [{}] }],
        }),
      ],
    ],
  },
  {
    rule: 'LIF-3',
    sentence: 'takes no chat state and no receipt in a closed main dialog while the survey is open',
    ...inSurvey([
      [publish(chatState('COMPOSING')), refuses(40055)],
      [publish(receipt('READ', [0])), refuses(40055, noReceipt)],
    ]),
  },
  {
    rule: 'LIF-3a',
    sentence: 'takes no chat state in a survey',
    ...inSurvey([
      [publishTo(surveyDialog, chatState('COMPOSING')), refuses(40055)],
      [publishTo(surveyDialog, receipt('READ', [0])), takes(0)],
    ]),
  },
  {
    rule: 'LIF-4.1',
    sentence: 'takes a publish to the survey with the conversationId',
    ...inSurvey([
      [
        async world => {
          const body = { conversationId: world.memory.conversationId }
          return publishTo(surveyDialog, text('five'), { body })(world)
        },
        takes(0),
      ],
      [view, shows({ dialogs: [{ transcript: [] }, { transcript: [{ event: text('five') }] }] })],
    ]),
  },
  {
    rule: 'LIF-4.2',
    sentence: 'takes a publish to the survey without the conversationId',
    ...inSurvey([
      [publishTo(surveyDialog, text('five')), takes(0)],
      [view, shows({ dialogs: [{ transcript: [] }, { transcript: [{ event: text('five') }] }] })],
    ]),
  },
  {
    rule: 'LIF-4.2',
    sentence: 'refuses a dialogId that does not belong to the conversationId',
    steps: [
      [
        afterOpening(
          'consumer-1',
          'conversation-2',
          publish(text('hi'), { body: { conversationId: 'conversation-2' } }),
        ),
        refuses(40451),
      ],
      [
        publish(text('hi'), { body: { dialogId: 'conversation-2', conversationId } }),
        refuses(40451),
      ],
    ],
  },
  {
    rule: 'LIF-5',
    sentence: 'refuses every change of a closed conversation but a rating',
    steps: [
      [close, answers(200)],
      [update(closing), refuses(40054)],
      [update({ field: 'Stage', conversationState: 'CLOSE' }), refuses(40054)],
      [closeDialog(mainDialog), refuses(40054)],
      [update(ttr('URGENT', 60)), refuses(40054)],
      [update([csat, ttr('URGENT', 60)]), refuses(40054)],
      [update(csat), answers(200)],
    ],
  },
  {
    rule: 'LIF-6',
    sentence: 'answers 404 for an unknown conversation or dialog',
    steps: [
      [publish(text('hi'), { body: { dialogId: '?' } }), refuses(40451)],
      [publish(text('hi'), { body: { conversationId: '?' } }), refuses(40451)],
      [
        send({
          type: 'cm.UpdateConversationField',
          body: { conversationId: '?', conversationField: csat },
        }),
        refuses(40451),
      ],
      [closeDialog(() => '?'), refuses(40451)],
      [view, shows({ state: 'OPEN', stage: 'OPEN' })],
    ],
  },
  {
    rule: 'LIF-7',
    sentence: 'opens a conversation with one main dialog and the documented defaults',
    hasConversation: false,
    steps: [
      [open(), answers(200)],
      [
        view,
        shows(({ memory }) => ({
          state: 'OPEN',
          stage: 'OPEN',
          skillId: '-1',
          ttr: { ttrType: 'PRIORITIZED', value: 600 },
          dialogs: [{ dialogId: memory.conversationId, dialogType: 'MAIN', state: 'OPEN' }],
        })),
      ],
    ],
  },
  ...(
    [
      ['NORMAL', 3600],
      ['URGENT', 300],
    ] as const
  ).map(
    ([ttrDefName, value]): Row => ({
      rule: 'LIF-7a',
      sentence: `gives ${ttrDefName} ${value} s`,
      hasConversation: false,
      steps: [
        [open({ ttrDefName }), answers(200)],
        [view, shows({ ttr: { ttrType: ttrDefName, value } })],
      ],
    }),
  ),
]
