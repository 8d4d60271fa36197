/** What a command sees of the process that it runs in. */
export interface Terminal {
  /** The folder that relative paths start from. */
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly stdout: TerminalOutput
  readonly stderr: TerminalOutput
  /** Resolves at Ctrl-C or SIGTERM. */
  readonly waitForSignal: () => Promise<void>
  /** Epoch time in ms. */
  readonly now: () => number
}

/** A stream that may be a terminal's. */
export type TerminalOutput = NodeJS.WritableStream & {
  readonly isTTY?: boolean
  readonly columns?: number
}

/** How many columns a line may take; as many as the docs have where it goes to a file or a pipe. */
export const widthOf = ({ columns }: TerminalOutput): number => columns ?? 100

/** Why a command cannot be carried out, in words for its user. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  /** 1 for a contract that is broken, 2 for a command line or a set-up that is wrong. */
  readonly exitCode: 1 | 2

  constructor(message: string, exitCode: 1 | 2 = 2) {
    super(message)
    this.exitCode = exitCode
  }
}
