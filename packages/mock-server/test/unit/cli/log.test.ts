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
