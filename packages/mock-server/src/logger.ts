type Log = (fields: Readonly<Record<string, unknown>>, message: string) => void

/** Receives the mock's log; pino-compatible. It never gets a token, a secret, a signature or the text of a message. */
export interface Logger {
  /** Each call. */
  readonly debug: Log
  /** Start and stop. */
  readonly info: Log
  readonly warn: Log
  /** Internal errors, as `err`. */
  readonly error: Log
  /** Whether a level is enabled; if not, its lines are not formatted. */
  isLevelEnabled?(level: 'debug'): boolean
}

const ignore: Log = () => {}

/** Discards everything. */
export const silentLogger: Logger = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
}
