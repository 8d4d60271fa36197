import { type ApiCall, advance, view } from '../calls.ts'
import { chatState, open, publish, text } from '../requests.ts'
import { answers, type Row, type Step, shows, takes } from '../row.ts'

const named: Partial<ApiCall> = {
  headers: { 'Client-Properties': '{"type":".ClientProperties","features":["AUTO_MESSAGES"]}' },
}

const settings = { autoMessages: { enabled: true, text: 'One moment, please.' } }

const enabled = { settings, hasConversation: false } as const

/** Expects exactly these texts in the transcript. */
const shownTexts = (...messages: readonly string[]): Step => [
  view,
  shows({ dialogs: [{ transcript: messages.map(message => ({ event: text(message) })) }] }),
]

const follows = shownTexts('hi', settings.autoMessages.text)
const doesNotFollow = shownTexts('hi')

/** The message that follows the first one. */
export const autoMessageRows: readonly Row[] = [
  {
    rule: 'LIF-8',
    sentence: 'lets an automatic message follow the first one, and takes its number',
    ...enabled,
    steps: [
      [open({}, named), answers(200)],
      [publish(text('hi'), named), takes(0)],
      follows,
      [publish(text('more'), named), takes(2)],
      shownTexts('hi', settings.autoMessages.text, 'more'),
    ],
  },
  {
    rule: 'LIF-8',
    sentence: 'lets it follow a message up to 10 s after the creation',
    ...enabled,
    steps: [
      [open({}, named), answers(200)],
      [advance(9999), answers(200)],
      [publish(chatState('ACTIVE'), named), takes(0)],
      [publish(text('hi'), named), takes(0)],
      follows,
    ],
  },
  {
    rule: 'LIF-8',
    sentence: 'lets none follow a message later than 10 s after the creation',
    ...enabled,
    steps: [
      [open({}, named), answers(200)],
      [advance(10_001), answers(200)],
      [publish(text('hi'), named), takes(0)],
      doesNotFollow,
    ],
  },
  {
    rule: 'LIF-8',
    sentence: 'lets none follow where CONVERSATION did not name AUTO_MESSAGES',
    ...enabled,
    steps: [[open(), answers(200)], [publish(text('hi'), named), takes(0)], doesNotFollow],
  },
  {
    rule: 'LIF-8',
    sentence: 'takes conversationContext.features, which enable nothing',
    ...enabled,
    steps: [
      [open({ conversationContext: { features: ['AUTO_MESSAGES'] } }), answers(200)],
      [publish(text('hi'), named), takes(0)],
      doesNotFollow,
    ],
  },
  {
    rule: 'LIF-8',
    sentence: 'lets none follow where SEND did not name AUTO_MESSAGES',
    ...enabled,
    steps: [[open({}, named), answers(200)], [publish(text('hi')), takes(0)], doesNotFollow],
  },
  {
    rule: 'LIF-8',
    sentence: 'lets none follow where the account does not have them',
    settings: { autoMessages: { enabled: false } },
    hasConversation: false,
    steps: [[open({}, named), answers(200)], [publish(text('hi'), named), takes(0)], doesNotFollow],
  },
  {
    rule: 'LIF-8',
    sentence: 'lets none follow by default',
    hasConversation: false,
    steps: [[open({}, named), answers(200)], [publish(text('hi'), named), takes(0)], doesNotFollow],
  },
  {
    rule: 'LIF-8a',
    sentence: 'sends it in the role CONTROLLER, with the text that is set',
    ...enabled,
    steps: [
      [open({}, named), answers(200)],
      [publish(text('hi'), named), takes(0)],
      [
        view,
        shows({
          dialogs: [
            {
              transcript: [
                { role: 'CONSUMER' },
                { sequence: 1, role: 'CONTROLLER', event: text('One moment, please.') },
              ],
            },
          ],
        }),
      ],
    ],
  },
]
