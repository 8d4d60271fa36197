import { debuglog } from 'node:util'

/** Receives one line of the debug log. */
export type Log = (line: string) => void

/** The debug log of NODE_DEBUG=sendbox, if it is on. */
export function findDefaultLog(): Log | undefined {
  const write = debuglog('sendbox')
  return write.enabled ? line => write('%s', line) : undefined
}

/** Control characters, and those that turn the direction of a text: foreign text forges log lines and moves a terminal's cursor by them. */
const controls = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu

/** Replaces line breaks and other control characters by spaces. */
export const toLine = (text: string): string => text.replace(controls, ' ')

/** Joins words to one line. */
export const toLogLine = (words: readonly string[]): string =>
  toLine(words.filter(Boolean).join(' '))
