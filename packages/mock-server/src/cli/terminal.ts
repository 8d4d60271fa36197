import { styleText } from 'node:util'

/** The part of the process that commands use. */
export interface Terminal {
  /** The folder that relative paths start from. */
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin: NodeJS.ReadableStream
  readonly stdout: TerminalOutput
  readonly stderr: TerminalOutput
  /** Resolves at Ctrl-C or SIGTERM. */
  readonly waitForSignal: () => Promise<void>
  /**
   * Runs a program in the foreground, with the streams and the signals of this one; resolves to its exit code, 128 and more for a signal.
   * Rejects with the system's error for one that cannot be run.
   */
  readonly runProgram: (program: Program) => Promise<number>
  /** Passes the warnings of Node, which may quote a URL (DEP0170), to a listener in place of standard error. */
  readonly onWarning?: (listener: (warning: Error) => void) => void
}

/** A program, its arguments, and its environment. */
export interface Program {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** A stream that may be a terminal's. */
export type TerminalOutput = NodeJS.WritableStream & {
  readonly isTTY?: boolean
  readonly columns?: number
}

/** The maximum width of a line in columns; that of the docs for a file or a pipe. */
export const widthOf = ({ columns }: TerminalOutput): number => columns ?? 100

/** A style of Node's `styleText`. */
export type TextStyle = Parameters<typeof styleText>[0]

/** Styles a text for a terminal, unless `NO_COLOR` is set; for a file or a pipe returns it unchanged, even if `FORCE_COLOR` is set. */
export const styleFor = (output: TerminalOutput, style: TextStyle, text: string): string =>
  output.isTTY === true ? styleText(style, text, { stream: output }) : text

/** Control characters, and those that turn the direction of a text: foreign text forges lines and moves the cursor by them. */
const controls = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu

/** Escapes the control characters of one line as JSON does. */
export const escapeControls = (text: string): string =>
  text.replaceAll(controls, sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Escapes the control characters of several lines. */
export const escapeLines = (text: string): string => text.split('\n').map(escapeControls).join('\n')

/** Texts without characters that are special to a shell. */
const plain = /^[\w@%+=:,./-]+$/

/** Quotes a text for a POSIX shell if needed. */
export const quoteForShell = (text: string): string =>
  plain.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`

/** A failure that is the user's to fix; its message is printed. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  /** 1 for a bad value or a failure, 2 for a usage error, 127 for a command that cannot be run. */
  readonly exitCode: 1 | 2 | 127

  constructor(message: string, exitCode: CommandError['exitCode'] = 1) {
    super(message)
    this.exitCode = exitCode
  }
}
