import { pino } from 'pino'
import type { Logger } from '../logger.ts'
import type { StartRequest } from './start/read-options.ts'
import type { TerminalOutput } from './terminal.ts'
import { styleFor, type TextStyle } from './terminal.ts'

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
  typeof value === 'string' ? value : JSON.stringify(value)

/** Formats a log line for a person: the time of day in UTC, the level, the message, the fields, and a stack last. */
function toReadableLine(json: string, output: TerminalOutput): string {
  const { level, time, msg, err, ...fields } = JSON.parse(json) as LogLine
  const style = (format: TextStyle, text: string): string => styleFor(output, format, text)
  const shown = Object.entries(fields).map(([name, value]) => `${name}=${toText(value)}`)
  const stack = err === undefined ? '' : `${(err as { readonly stack?: string }).stack ?? ''}\n`
  const words = [
    style('dim', time.slice(11, 23)),
    style(styles[level] ?? 'dim', level.padEnd(5)),
    msg,
    ...shown.map(field => style('dim', field)),
  ]
  return `${words.join(' ')}\n${stack}`
}

/** Creates the command's logger, which writes JSON lines, or readable lines to a terminal. */
export function createLog(level: StartRequest['logLevel'], output: TerminalOutput): Logger {
  const options = {
    level,
    base: null,
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
  }
  const readable = { write: (json: string) => void output.write(toReadableLine(json, output)) }
  return pino(options, output.isTTY === true ? readable : output)
}
