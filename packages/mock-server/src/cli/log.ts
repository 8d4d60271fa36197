import { pino } from 'pino'
import { type Logger, redactLog } from '../logger.ts'
import type { StartRequest } from './start/read-options.ts'
import type { TerminalOutput } from './terminal.ts'
import { escapeControls, escapeLines, styleFor, type TextStyle } from './terminal.ts'

interface LogLine extends Readonly<Record<string, unknown>> {
  readonly level: string
  readonly time: string
  readonly msg: string
}

const styles: Readonly<Record<string, TextStyle>> = {
  error: 'red',
  warn: 'yellow',
  info: 'green',
}

const toText = (value: unknown): string =>
  escapeControls(typeof value === 'string' ? value : JSON.stringify(value))

const stackOf = (err: unknown): string => (err as { readonly stack?: string }).stack ?? ''

/** Formats a log line for a person: the time of day in UTC, the level, the message, the fields, and a stack last. */
function toReadableLine(json: string, output: TerminalOutput): string {
  const { level, time, msg, err, ...fields } = JSON.parse(json) as LogLine
  const style = (format: TextStyle, text: string): string => styleFor(output, format, text)
  const shown = Object.entries(fields).map(
    ([name, value]) => `${escapeControls(name)}=${toText(value)}`,
  )
  const stack = err === undefined ? '' : `${escapeLines(stackOf(err))}\n`
  const words = [
    style('dim', time.slice(11, 23)),
    style(styles[level] ?? 'dim', level.padEnd(5)),
    toText(msg),
    ...shown.map(field => style('dim', field)),
  ]
  return `${words.join(' ')}\n${stack}`
}

/** Creates the command's logger, which shows no secret, and writes JSON lines, or readable lines to a terminal. */
export function createLog(level: StartRequest['logLevel'], output: TerminalOutput): Logger {
  const options = {
    level,
    base: null,
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
  }
  const readable = { write: (json: string) => void output.write(toReadableLine(json, output)) }
  return redactLog(pino(options, output.isTTY === true ? readable : output))
}
