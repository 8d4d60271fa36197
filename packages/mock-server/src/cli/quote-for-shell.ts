/** What no shell reads as anything but itself. */
const plain = /^[\w@%+=:,./-]+$/

/** Quotes a text for a POSIX shell where that is needed. */
export const quoteForShell = (text: string): string =>
  plain.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
