import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import envPaths from 'env-paths'
import { readSystemCas, splitPem, toBundle, toJks } from '../tls/trust-stores.ts'
import { writeWholeFile } from '../whole-file.ts'

/** Writes files that programs trust, and knows what they trusted before. */
export interface TrustFiles {
  /** The CA of the mock alone. */
  readonly ca: string
  /** Behind the certificates of a file, or of the system where there is no file. */
  readonly bundleAfter: (file: string | undefined) => Promise<string>
  /** Behind the certificates of a file, or alone. */
  readonly extraAfter: (file: string | undefined) => Promise<string>
  /** Behind the certificates of the system, as a trust store for Java. */
  readonly jks: string
}

/** A folder of this user's for files that can be made again. */
async function openFolder(): Promise<string> {
  const folder = path.join(envPaths('sendbox', { suffix: '' }).cache, 'trust')
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return folder
  } catch {
    // A home that cannot be written to, as in some containers.
    return mkdtemp(path.join(tmpdir(), 'sendbox-trust-'))
  }
}

const isFile = async (file: string): Promise<boolean> =>
  (await stat(file).catch(() => undefined))?.isFile() ?? false

/**
 * Opens the files that hold the CA of a mock, each named after its content, so that mocks with other CAs have other files. `ca` is one
 * certificate or several, as PEM. Rejects with the system's error where nothing can be written.
 */
export async function openTrustFiles(ca: string): Promise<TrustFiles> {
  const folder = await openFolder()
  const system = await readSystemCas()
  const own = splitPem(ca)
  const write = async (
    certificates: readonly string[],
    extension = 'pem',
    toContent: (certificates: readonly string[]) => string | Uint8Array = toBundle,
  ): Promise<string> => {
    const digest = createHash('sha256').update(toBundle(certificates)).digest('hex').slice(0, 16)
    const file = path.join(folder, `${digest}.${extension}`)
    if (!(await isFile(file))) await writeWholeFile(file, toContent(certificates))
    return file
  }
  const read = async (file: string): Promise<readonly string[]> =>
    splitPem(await readFile(file, 'utf8'))
  /** Without those of the file that are the mock's already: an environment is made from one that was. */
  const behind = (certificates: readonly string[]): Promise<string> =>
    write([...certificates.filter(pem => !own.includes(pem)), ...own])
  return {
    ca: await write(own),
    jks: await write([...system, ...own], 'jks', toJks),
    bundleAfter: async file => behind(file === undefined ? system : await read(file)),
    extraAfter: async file => behind(file === undefined ? [] : await read(file)),
  }
}
