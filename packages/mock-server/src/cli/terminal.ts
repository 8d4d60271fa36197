import { styleText } from 'node:util'

/** What a command sees of the process that it runs in. */
export interface Terminal {
  /** The folder that relative paths start from. */
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin: NodeJS.ReadableStream
  readonly stdout: TerminalOutput
  readonly stderr: TerminalOutput
  /** Resolves at Ctrl-C or SIGTERM. */
  readonly waitForSignal: () => Promise<void>
}

/** A stream that may be a terminal's. */
export type TerminalOutput = NodeJS.WritableStream & {
  readonly isTTY?: boolean
  readonly columns?: number
}

/** How many columns a line may take; as many as the docs have where it goes to a file or a pipe. */
export const widthOf = ({ columns }: TerminalOutput): number => columns ?? 100

/** A style of Node's `styleText`. */
export type TextStyle = Parameters<typeof styleText>[0]

/** Styles a text that goes to a terminal, unless `NO_COLOR` is set; elsewhere it stays as it is, also where `FORCE_COLOR` is set. */
export const styleFor = (output: TerminalOutput, style: TextStyle, text: string): string =>
  output.isTTY === true ? styleText(style, text, { stream: output }) : text

/** What no shell reads as anything but itself. */
const plain = /^[\w@%+=:,./-]+$/

/** Quotes a text for a POSIX shell where that is needed. */
export const quoteForShell = (text: string): string =>
  plain.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`

/** Why a command cannot be carried out, in words for its user. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  /** 1 for a value that is bad or a thing that failed, 2 for a command line that is none. */
  readonly exitCode: 1 | 2

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message)
    this.exitCode = exitCode
  }
}
