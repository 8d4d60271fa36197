import { view } from '../calls.ts'
import {
  close,
  closing,
  csat,
  opening,
  publish,
  receipt,
  send,
  sendBatch,
  text,
  update,
} from '../requests.ts'
import { answers, type Row, refuses, shows, succeeds, takes } from '../row.ts'
import { surveyAfter } from '../steps.ts'

/** Arrays that are sent as their bare single element. */
export const bareElementRows: readonly Row[] = [
  {
    rule: 'REQ-8',
    sentence: 'takes a bare number as sequenceList, and bare metadata',
    steps: [
      [publish(text('hi'), { request: { metadata: { type: 'Answer', more: 1 } } }), takes(0)],
      [publish(receipt('READ', 0)), takes(1)],
      [
        view,
        shows({
          dialogs: [
            {
              transcript: [
                { metadata: [{ type: 'Answer', more: 1 }] },
                { event: receipt('READ', [0]) },
              ],
            },
          ],
        }),
      ],
    ],
  },
  {
    rule: 'REQ-8',
    sentence: 'takes a bare conversationField',
    steps: [
      [update(csat), answers(200)],
      [update(closing), answers(200)],
      [view, shows({ stage: 'CLOSE', csat: { csatRate: 5 } })],
    ],
  },
  {
    rule: 'REQ-8',
    sentence: 'takes a bare SDE in a profile',
    steps: [
      [
        send({
          type: 'userprofile.SetUserProfile',
          body: {
            authenticatedData: {
              lp_sdes: { type: 'personal', personal: { contacts: { email: 'a@b.c' } } },
            },
          },
        }),
        succeeds({ msg: 'OK User Profile set successfully' }),
      ],
    ],
  },
  {
    rule: 'REQ-8',
    sentence: 'takes a bare feature in Client-Properties',
    settings: { survey: true },
    hasConversation: false,
    steps: surveyAfter('{"type":".ClientProperties","features":"MULTI_DIALOG"}', true),
  },
  {
    rule: 'REQ-8',
    sentence: 'does not take a bare request for a batch',
    steps: [
      [close, answers(200)],
      [sendBatch(opening()), refuses(40059, { reqId: '2' })],
    ],
  },
]
