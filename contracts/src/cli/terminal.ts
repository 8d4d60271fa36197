/** The process as a command sees it. */
export interface Terminal {
  /** Base of relative paths. */
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

/** A stream that may belong to a terminal. */
export type TerminalOutput = NodeJS.WritableStream & {
  readonly isTTY?: boolean
  readonly columns?: number
}

/** Columns of a line; 100, as in the docs, for a file or a pipe. */
export const widthOf = ({ columns }: TerminalOutput): number => columns ?? 100

/** The reason why a command fails, for its user. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  /** 1: a broken contract; 2: a wrong command line or set-up. */
  readonly exitCode: 1 | 2

  constructor(message: string, exitCode: 1 | 2 = 2) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Runs something whose every error is a wrong command line or set-up; throws it as a `CommandError`. */
export const orRefuse = async <Value>(
  promise: Promise<Value>,
  toMessage: (error: unknown) => string = error =>
    error instanceof Error ? error.message : String(error),
): Promise<Value> =>
  promise.catch((error: unknown) => {
    throw new CommandError(toMessage(error))
  })
