import { advance, call } from '../calls.ts'
import { publish, sendBatch, text } from '../requests.ts'
import { answers, hasHeader, type Row, refuses, takes } from '../row.ts'

const settings = { limits: { requestsPerSecond: 2 } }

/** Responses to an account that exceeds its rate. */
export const rateLimitRows: readonly Row[] = [
  {
    rule: 'RES-8.1',
    sentence: 'answers 429 to more calls in a second than the setting allows, and does nothing',
    settings,
    steps: [
      [publish(text('one')), takes(0)],
      [publish(text('two')), takes(1)],
      [publish(text('three')), refuses(42950)],
      [sendBatch([]), answers(429)],
      [advance(1000), answers(200)],
      [publish(text('three')), takes(2)],
    ],
  },
  {
    rule: 'RES-8.1',
    sentence: 'allows any number of calls where the setting is null',
    settings: { limits: { requestsPerSecond: null } },
    steps: [
      [publish(text('one')), takes(0)],
      [publish(text('two')), takes(1)],
      [publish(text('three')), takes(2)],
    ],
  },
  {
    rule: 'RES-8.2',
    sentence: 'asks to wait for a second with the 429, and for nothing without it',
    settings: { limits: { requestsPerSecond: 1 } },
    steps: [
      [publish(text('one')), takes(0), hasHeader('retry-after', undefined)],
      [publish(text('two')), refuses(42950), hasHeader('retry-after', '1')],
    ],
  },
  {
    rule: 'AUTH-11',
    sentence: 'looks at the rate after the version and before the body',
    settings: { limits: { requestsPerSecond: 0 } },
    steps: [
      [call({ query: '?v=2' }), refuses(40450)],
      [call({ raw: '{' }), refuses(42950, { reqId: null })],
    ],
  },
]
