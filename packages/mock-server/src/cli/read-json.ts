import type { Result } from '@sendbox/schema'

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

const isUnexpectedToken = (text: string): boolean => {
  try {
    JSON.parse(text)
    return false
  } catch (error) {
    return messageOf(error).startsWith('Unexpected token')
  }
}

/** V8 names no position for an unexpected token: it is the last character of the shortest prefix that has one. */
function findUnexpectedToken(text: string): number | undefined {
  if (!isUnexpectedToken(text)) return undefined
  let [without, having] = [0, text.length]
  while (having - without > 1) {
    const middle = Math.floor((without + having) / 2)
    if (isUnexpectedToken(text.slice(0, middle))) having = middle
    else without = middle
  }
  return having - 1
}

const toLineAndColumn = (text: string, position: number): string => {
  const before = text.slice(0, position).split('\n')
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}

function explainJsonError(text: string, error: unknown): string {
  const message = messageOf(error)
  const position = /at position (\d+)/.exec(message)?.[1] ?? findUnexpectedToken(text)
  if (position === undefined) return message
  const reason = message.replace(/ (in|after) JSON at position .*$|, (\.{3})?".*$/s, '')
  return `${reason.replaceAll('\n', '\\n')} in ${toLineAndColumn(text, Number(position))}`
}

/** Parses JSON, or returns in one line why and where it is invalid; that quotes one character at most, as the text may hold secrets. */
export function parseJson(text: string): Result<unknown, string> {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch (error) {
    return { ok: false, refusal: explainJsonError(text, error) }
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not read it',
}

/** The error code of Node, such as `ENOENT`. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

/** Explains in a few words why a file could not be read. */
export const explainReadError = (error: unknown): string => reasons[codeOf(error)] ?? String(error)
