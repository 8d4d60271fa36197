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
