import { redactError } from './redact/error.ts'
import { redactSecrets, redactText } from './redact/secrets.ts'

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

/** The secrets of an account, or of all. */
type SecretsOf = (accountId: string | undefined) => readonly string[]

function redactFields(
  { err, ...fields }: Readonly<Record<string, unknown>>,
  secrets: readonly string[],
): Readonly<Record<string, unknown>> {
  const shown = redactSecrets(fields, secrets) as typeof fields
  return err === undefined ? shown : { ...shown, err: redactError(err, secrets) }
}

/** Wraps a log: every line is redacted by its values, errors to what {@link redactError} shows. */
export function redactLog(log: Logger, secretsOf: SecretsOf = () => []): Logger {
  if (log === silentLogger) return log
  const redacting =
    (level: 'debug' | 'info' | 'warn' | 'error'): Log =>
    (fields, message) => {
      const { accountId } = fields
      const secrets = secretsOf(typeof accountId === 'string' ? accountId : undefined)
      log[level](redactFields(fields, secrets), redactText(message, secrets))
    }
  const isLevelEnabled = (level: 'debug'): boolean => log.isLevelEnabled?.(level) ?? true
  const debug = redacting('debug')
  return {
    debug: (fields, message) => {
      if (isLevelEnabled('debug')) debug(fields, message)
    },
    info: redacting('info'),
    warn: redacting('warn'),
    error: redacting('error'),
    isLevelEnabled,
  }
}
