import { styleText } from 'node:util'
import type { TerminalOutput } from './terminal.ts'

/** A style of Node's `styleText`. */
export type TextStyle = Parameters<typeof styleText>[0]

/** Styles a text that goes to a terminal, unless `NO_COLOR` is set; elsewhere it stays as it is, also where `FORCE_COLOR` is set. */
export const styleFor = (output: TerminalOutput, style: TextStyle, text: string): string =>
  output.isTTY === true ? styleText(style, text, { stream: output }) : text
