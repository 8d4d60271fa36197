import { randomBytes } from 'node:crypto'
import { readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** How a file is written. */
interface WholeFileOptions {
  /** @default 0o666, less the umask */
  readonly mode?: number
  /**
   * Gives the draft its place.
   * @default rename, which replaces a file there
   */
  readonly place?: (draft: string, file: string) => Promise<void>
}

/** Age in ms of a draft whose process has ended. */
const staleMs = 60_000

/** Removes the drafts of a file whose processes were killed before they could do so. */
async function removeStaleDrafts(file: string): Promise<void> {
  const folder = path.dirname(file)
  const drafts = (await readdir(folder)).filter(name => name.startsWith(`${path.basename(file)}.`))
  for (const name of drafts) {
    const draft = path.join(folder, name)
    const { mtimeMs } = await stat(draft).catch(() => ({ mtimeMs: Infinity }))
    if (Date.now() - mtimeMs > staleMs) await rm(draft, { force: true })
  }
}

/** Writes a draft beside a file, named after it, and gives it its place, so that no reader meets a part of it. Rejects with the system's error. */
export async function writeWholeFile(
  file: string,
  content: string | Uint8Array,
  { mode = 0o666, place = rename }: WholeFileOptions = {},
): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  try {
    await writeFile(draft, content, { mode, flag: 'wx' })
    await place(draft, file)
  } finally {
    await rm(draft, { force: true })
  }
  await removeStaleDrafts(file)
}
