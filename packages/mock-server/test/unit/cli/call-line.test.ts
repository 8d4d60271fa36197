import { PassThrough } from 'node:stream'
import { WriteStream } from 'node:tty'
import { stripVTControlCharacters } from 'node:util'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type CallEvent, toCallLine } from '../../../src/cli/call-line.ts'

const conversationId = '3f7e2c4b-9a51-4e0d-8b6c-1d2e3f405162'
const sent: CallEvent = {
  accountId: '1',
  at: 0,
  requestId: 1,
  operation: 'send',
  method: 'POST',
  path: '/api/account/1/messaging/consumer/conversation/send',
  status: 200,
  consumer: 'zoe',
  conversationId,
  sequence: 0,
}
const time = '12:34:56.789'
const terminal = Object.assign(new PassThrough(), {
  isTTY: true,
  columns: 80,
  getColorDepth: WriteStream.prototype.getColorDepth,
})

const show = (call: CallEvent): string => stripVTControlCharacters(toCallLine(call, time, terminal))

test('a call is a line of its facts', () => {
  expect(show(sent)).toBe(`${time} 200 send zoe ${conversationId} #0\n`)
})

test('a refusal is wrapped between words, never cut, and ends with its rule', () => {
  const { sequence: _, ...unsent } = sent
  const problem =
    'The conversation is closed: open another one by CONVERSATION, then send to that one'
  expect(show({ ...unsent, status: 400, problem, rule: 'LIF-2.1' })).toBe(
    `${time} 400 send zoe ${conversationId} The conversation
                 is closed: open another one by CONVERSATION, then send to that
                 one LIF-2.1
`,
  )
})

test('a request that is no call has its method and its path, a call without a response no status', () => {
  const { consumer: _consumer, conversationId: _id, sequence: _sequence, status: _, ...rest } = sent
  expect(show({ ...rest, operation: null, path: '/nope', status: 404 })).toBe(
    `${time} 404 POST /nope\n`,
  )
  expect(show({ ...rest, faultId: 'fault-1' })).toBe(`${time} --- send fault-1\n`)
})

test('foreign text forges no line, moves no cursor and is no longer than it should be', () => {
  const foreign = 'a\n12:34:56.789 200 FORGED\u001B]0;pwned\u0007\u202E'
  const lines = show({ ...sent, consumer: foreign, problem: foreign, path: foreign })
  expect(lines).not.toMatch(/(?!\n)[\p{Cc}\u202E]/u)
  expect(lines.split('\n').filter(line => line.startsWith(time))).toHaveLength(1)
  expect(show({ ...sent, operation: null, path: 'x'.repeat(16_000) }).length).toBeLessThan(320)
})

test.each([
  ['green', { status: 200 }, 32],
  ['red', { status: 400 }, 31],
  ['yellow', { status: 200, rule: 'PUB-7' }, 33],
])('the status is %s for %j, and NO_COLOR holds', (_colour, facts, code) => {
  onTestFinished(() => void vi.unstubAllEnvs())
  vi.stubEnv('TERM', 'xterm-256color')
  vi.stubEnv('FORCE_COLOR', '1')
  expect(toCallLine({ ...sent, ...facts }, time, terminal)).toContain(
    `\u001B[${code}m${facts.status}\u001B[39m`,
  )
  vi.stubEnv('FORCE_COLOR', undefined)
  vi.stubEnv('NO_COLOR', '1')
  expect(toCallLine({ ...sent, ...facts }, time, terminal)).not.toContain('\u001B')
})
