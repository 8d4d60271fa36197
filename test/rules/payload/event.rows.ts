import { view } from '../calls.ts'
import { card, chatState, publish, receipt, text } from '../requests.ts'
import { type Row, refuses, refusesAt, shows, takes } from '../row.ts'
import { keeps } from '../steps.ts'

const strict = { mode: 'strict' } as const

const statuses = ['ACCEPT', 'READ', 'ACCESS', 'NACK', 'ACTION']

const reply = [
  { type: 'ExternalId', id: 'button-1' },
  { type: 'Answer', more: { deep: [1] } },
]

/** Chat states, receipts and cards. */
export const eventRows: readonly Row[] = [
  ...['ACTIVE', 'INACTIVE', 'GONE', 'COMPOSING', 'PAUSE'].map(
    (state): Row => ({
      rule: 'PUB-7',
      sentence: `takes the chat state ${state}`,
      steps: [
        [publish(chatState(state)), takes(0)],
        [view, shows({ dialogs: [{ chatStates: [{ chatState: state }] }] })],
      ],
    }),
  ),
  {
    rule: 'PUB-7',
    sentence: 'refuses other chat states, and names the field chatState where it is misspelt',
    steps: [
      [publish(chatState('COMPOSNG')), refusesAt('/body/event/chatState')],
      [publish(chatState('composing')), refusesAt('/body/event/chatState')],
      [
        publish({ type: 'ChatStateEvent', ChatState: 'COMPOSING' }),
        refusesAt('/body/event/chatState'),
      ],
    ],
  },
  ...statuses.map(
    (status): Row => ({
      rule: 'PUB-8.1',
      sentence: `takes the receipt ${status}`,
      steps: [
        [publish(text('hi')), takes(0)],
        [publish(receipt(status, [0])), takes(1)],
        keeps(text('hi'), receipt(status, [0])),
      ],
    }),
  ),
  {
    rule: 'PUB-8.1',
    sentence: 'refuses other receipts, and numbers that are none',
    steps: [
      [publish(receipt('SEEN', [0])), refusesAt('/body/event/status')],
      [publish(receipt('READ', ['0'])), refusesAt('/body/event/sequenceList/0')],
      [publish(receipt('READ', [0.5])), refusesAt('/body/event/sequenceList/0')],
      [publish(receipt('READ', undefined)), refusesAt('/body/event/sequenceList')],
    ],
  },
  {
    rule: 'PUB-8.2',
    sentence: 'refuses an empty list, and a negative number',
    steps: [
      [publish(receipt('READ', [])), refusesAt('/body/event/sequenceList')],
      [publish(receipt('READ', [0, -1])), refusesAt('/body/event/sequenceList/1')],
    ],
  },
  {
    rule: 'PUB-8a',
    sentence: 'takes a number that is not yet assigned as the service does',
    settings: { mode: 'as-service' },
    steps: [[publish(receipt('READ', [0, 7])), takes(0)]],
  },
  {
    rule: 'PUB-8a',
    sentence: 'refuses a number that is not yet assigned in strict mode',
    settings: strict,
    steps: [
      [publish(receipt('READ', [0])), refuses(40058)],
      [publish(text('hi')), takes(0)],
      [publish(receipt('READ', [0, 7])), refuses(40058, { details: 'Sequence 7 is not assigned' })],
      [publish(receipt('READ', [0])), takes(1)],
    ],
  },
  {
    rule: 'PUB-9',
    sentence: 'takes a card as content and as message, and keeps both as content',
    steps: [
      [publish(card), takes(0)],
      [publish({ type: 'RichContentEvent', message: card.content }), takes(1)],
      keeps(card, card),
    ],
  },
  {
    rule: 'PUB-9',
    sentence: 'refuses a card with neither or both',
    steps: [
      [publish({ type: 'RichContentEvent' }), refusesAt('/body/event')],
      [publish({ ...card, message: card.content }), refusesAt('/body/event')],
    ],
  },
  {
    rule: 'PUB-10',
    sentence: 'takes the reply to a card as two calls, and keeps the metadata of both verbatim',
    steps: [
      [publish(card), takes(0)],
      [publish(receipt('ACTION', [0]), { request: { metadata: reply } }), takes(1)],
      [publish(text('Yes'), { request: { metadata: reply } }), takes(2)],
      [
        view,
        shows({
          dialogs: [
            {
              transcript: [
                { event: card },
                { event: receipt('ACTION', [0]), metadata: reply },
                { event: text('Yes'), metadata: reply },
              ],
            },
          ],
        }),
      ],
    ],
  },
]
