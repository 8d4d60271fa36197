type Log = (fields: Readonly<Record<string, unknown>>, message: string) => void

/** Where the mock says what it does; a logger of pino is one. It never gets a token, a secret, a signature or the text of a message. */
export interface Logger {
  /** Each call. */
  readonly debug: Log
  /** That the mock listens, and that it stopped. */
  readonly info: Log
  readonly warn: Log
  /** An exception in the mock itself, as `err`. */
  readonly error: Log
  /** Claims that a level is heard; where it is not, nothing is put into words for it. */
  isLevelEnabled?(level: 'debug'): boolean
}

const ignore: Log = () => {}

/** Says nothing. */
export const silentLogger: Logger = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  isLevelEnabled: () => false,
}
