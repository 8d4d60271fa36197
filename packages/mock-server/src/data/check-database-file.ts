import { type FileHandle, open } from 'node:fs/promises'

/** Where a page says what it is: behind its head. */
const metaOffset = 24

/** Where the parts of a meta page are, from its magic number on, and how long they are in all. */
const meta = { magic: 0, version: 4, pageBytes: 24, lastPage: 120, bytes: 136 } as const

const magic = 0xbe_ef_c0_de
const version = 2

async function readMeta(file: FileHandle, at: number): Promise<Buffer> {
  const buffer = Buffer.alloc(meta.bytes)
  await file.read(buffer, 0, meta.bytes, at + metaOffset)
  return buffer
}

const isMeta = (page: Buffer): boolean =>
  page.readUInt32LE(meta.magic) === magic && page.readUInt32LE(meta.version) === version

const lastPageOf = (page: Buffer): number => Number(page.readBigUInt64LE(meta.lastPage))

/**
 * Says why a file is no database of LMDB, or is only a part of one; `undefined` where it is whole, empty or not there. LMDB itself ends
 * the process over such a file.
 */
export async function refuseDatabaseFile(path: string): Promise<string | undefined> {
  let file: FileHandle
  try {
    file = await open(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  try {
    const { size } = await file.stat()
    if (size === 0) return undefined
    const first = await readMeta(file, 0)
    if (!isMeta(first)) return 'its database is damaged'
    const pageBytes = first.readUInt32LE(meta.pageBytes)
    const second = await readMeta(file, pageBytes)
    // One of the two may be ahead of what reached the disk; LMDB goes by the other then.
    const lastPage = Math.min(...[first, second].filter(isMeta).map(lastPageOf))
    return size < (lastPage + 1) * pageBytes ? 'its database is cut off' : undefined
  } finally {
    await file.close()
  }
}
