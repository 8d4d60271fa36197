import { extname } from 'node:path'

/** The first bytes of the kinds of files that the public material names. Rule: PUB-4. */
const signatures = [
  ['PNG', [0x89, 0x50, 0x4e, 0x47]],
  ['JPG', [0xff, 0xd8, 0xff]],
  ['GIF', [0x47, 0x49, 0x46, 0x38]],
] as const

/** What is known of a file. */
export interface FileTraits {
  /** A file name or path. */
  readonly name?: string | undefined
  readonly bytes: Uint8Array
}

/**
 * The `fileType` of a file: by the ending of its name where that is one of `fileTypes`, else by its
 * first bytes, else by the ending all the same. Rule: PUB-4.
 */
export function toFileType(
  { name = '', bytes }: FileTraits,
  fileTypes: readonly string[],
): string | undefined {
  const ending = extname(name).slice(1).toUpperCase()
  if (fileTypes.includes(ending)) return ending
  const found = signatures.find(([, start]) => start.every((byte, index) => bytes[index] === byte))
  return found?.[0] ?? (ending === '' ? undefined : ending)
}
