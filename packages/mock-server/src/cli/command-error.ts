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
