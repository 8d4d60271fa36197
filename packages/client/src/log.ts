import { debuglog } from 'node:util'

/** Receives one line of the debug log. */
export type Log = (line: string) => void

/** The debug log of NODE_DEBUG=sendbox, if it is on. */
export function findDefaultLog(): Log | undefined {
  const write = debuglog('sendbox')
  return write.enabled ? line => write('%s', line) : undefined
}

/** Replaces line breaks and other control characters, by which foreign text would forge log lines. */
export const toLogLine = (words: readonly string[]): string =>
  words
    .filter(Boolean)
    .join(' ')
    .replace(/\p{Cc}+/gu, ' ')
