import { redactText } from './secrets.ts'

/** A URL that is called, whose path and query may hold a token; that of a source file in a stack is none. */
const url = /\b(https?|wss?):\/\/[^\s"'<>]*/gi

/** The maximum number of causes that are shown. */
const maxCauses = 5

const redactWords = (words: string, secrets: readonly string[]): string =>
  redactText(words.replace(url, '$1://<redacted>'), secrets)

/**
 * Copies an error for whoever reads it: name, message, stack, code and cause. Other fields, such as the `input` of a URL that is not valid,
 * may hold a secret.
 */
export function redactError(error: unknown, secrets: readonly string[] = [], causes = 0): Error {
  const failure: NodeJS.ErrnoException = error instanceof Error ? error : new Error(String(error))
  const { name, message, stack, code, cause } = failure
  const shown: NodeJS.ErrnoException = new Error(redactWords(message, secrets))
  Object.defineProperty(shown, 'name', { value: name })
  Object.defineProperty(shown, 'stack', { value: stack && redactWords(stack, secrets) })
  if (typeof code === 'string' && /^[A-Z][A-Z\d_]{0,60}$/.test(code)) shown.code = code
  if (cause instanceof Error && causes < maxCauses)
    Object.defineProperty(shown, 'cause', { value: redactError(cause, secrets, causes + 1) })
  return shown
}
