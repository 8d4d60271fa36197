import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createLog } from '../../../src/cli/log.ts'
import type { TerminalOutput } from '../../../src/cli/terminal.ts'

function forceColours(): void {
  vi.stubEnv('FORCE_COLOR', '1')
  onTestFinished(() => void vi.unstubAllEnvs())
}

/** A stream that says of itself that it is a terminal's, as far as it is asked. */
function createTerminal(): { output: TerminalOutput; written: () => string } {
  const stream = new PassThrough()
  const output = Object.assign(stream, {
    isTTY: true,
    getColorDepth: () => 8,
    hasColors: () => true,
  })
  return { output, written: () => String(stream.read() ?? '') }
}

test('on a terminal a line is for a person, in colours', () => {
  forceColours()
  const { output, written } = createTerminal()
  createLog('debug', output).debug({ status: 200, rules: ['SEQ-1'], operation: 'send' }, 'call')
  const line = written()
  expect(stripVTControlCharacters(line)).toMatch(
    /^\d\d:\d\d:\d\d\.\d{3} debug call status=200 rules=\["SEQ-1"\] operation=send\n$/,
  )
  expect(line).toContain('\u001B[')
})

test('on a terminal an exception comes with its stack', () => {
  const { output, written } = createTerminal()
  createLog('info', output).error({ err: new TypeError('no such thing') }, 'the mock failed')
  expect(stripVTControlCharacters(written())).toMatch(
    /^\S+ error the mock failed\nTypeError: no such thing\n {4}at .*log\.test\.ts/,
  )
})

test('elsewhere a line is JSON, whatever colours are asked for', () => {
  forceColours()
  const output = new PassThrough()
  const log = createLog('warn', output)
  log.info({}, 'not heard')
  log.warn({ url: 'u' }, 'heard')
  expect(JSON.parse(String(output.read()))).toEqual({
    level: 'warn',
    time: expect.stringMatching(/Z$/),
    url: 'u',
    msg: 'heard',
  })
})

test('no secret in the fields of an error shows, on a terminal or as JSON', () => {
  const { output: terminal, written } = createTerminal()
  const output = new PassThrough()
  const cause = new Error('Bearer 0123456789abcdef0123')
  const given = Object.assign(
    new TypeError('Invalid URL http://a:9/x?client_secret=SECRET-1', { cause }),
    {
      code: 'ERR_INVALID_URL',
      input: 'http://a:99999999/?client_secret=SECRET-2',
      base: 'SECRET-3',
    },
  )
  for (const log of [createLog('info', terminal), createLog('info', output)]) {
    log.error({ err: given, clientSecret: 'SECRET-4' }, 'failed by token=SECRET-5')
    log.warn({ err: 'no error: secret=SECRET-6' }, 'failed')
  }
  const json = String(output.read())
  expect(written() + json).not.toMatch(/SECRET-|0123456789abcdef/)
  expect(JSON.parse(json.split('\n', 1)[0] ?? '')).toMatchObject({
    err: {
      code: 'ERR_INVALID_URL',
      stack: expect.stringMatching(/^TypeError: Invalid URL http:\/\/<redacted>\n/),
    },
    clientSecret: '<redacted>',
  })
})

test('on a terminal foreign text forges no line and moves no cursor', () => {
  const { output, written } = createTerminal()
  const foreign = 'a\n00:00:00.000 error FORGED\u001B]0;pwned\u0007\u009B2J\u202Eb\r\u2028'
  const error = new Error(foreign)
  const fields = { accountId: foreign, [foreign]: [foreign] }
  createLog('debug', output).debug({ ...fields, err: error }, foreign)
  const shown = stripVTControlCharacters(written())
  expect(shown).not.toMatch(/(?!\n)[\p{Cc}\u2028\u202E]/u)
  expect(shown.split('\n').filter(line => /^\d\d:/.test(line))).toHaveLength(2)
  expect(shown).toContain(String.raw`accountId=a\u000a00:00:00.000 error FORGED\u001b]0;pwned`)
})
