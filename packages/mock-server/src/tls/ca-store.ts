import { link, mkdir, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import envPaths from 'env-paths'
import type { Logger } from '../logger.ts'
import { serviceDomains } from '../service-domains.ts'
import { writeWholeFile } from '../whole-file.ts'
import { CaError } from './ca-error.ts'
import { caFolder } from './ca-folder.ts'
import { type CertificateAuthority, createCa, openCa } from './certificates.ts'

/** Further names of a CA. */
export interface CaNames {
  /**
   * DNS names that a new CA may vouch for, besides LivePerson's domains and localhost.
   * @default []
   */
  readonly caNames?: readonly string[]
}

/** Where the CA of a mock is kept, and its names. */
export interface CaOptions extends CaNames {
  /**
   * The data folder of the mock, which then has a CA of its own.
   * @default one for all mocks of this user, in the user's folder of data
   */
  readonly data?: string | undefined
}

/** A CA that is kept in a folder. */
export interface StoredCa extends CertificateAuthority {
  /** Path of its certificate. */
  readonly file: string
  /** Writes another file beside it, which others may read; resolves with its path. */
  readonly writeBeside: (name: string, content: string | Uint8Array) => Promise<string>
}

/** Key and certificate, for their user alone. */
const keyPairFile = 'ca-key.pem'

/** The certificate alone, for whoever trusts it. */
const certificateFile = 'ca.pem'

/** Time before its end at which a CA is replaced, in ms. */
const renewalMs = 30 * 86_400_000

const findFolder = ({ data }: CaOptions): string =>
  data === undefined ? envPaths('sendbox', { suffix: '' }).data : join(data, caFolder)

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined

/** Puts a file where none is: of several mocks that begin together, one creates the CA of all. */
const placeFirst = (draft: string, path: string): Promise<void> =>
  link(draft, path).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error
  })

const block = /-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----\n/g

/** The CA in a file; `undefined` where there is none. */
async function read(path: string): Promise<CertificateAuthority | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw new CaError(`The CA in ${path} cannot be read (${codeOf(error)})`, { cause: error })
  }
  try {
    const blocks = new Map([...text.matchAll(block)].map(([pem, label]) => [label, pem]))
    const certificate = blocks.get('CERTIFICATE') ?? ''
    return await openCa({ certificate, privateKey: blocks.get('PRIVATE KEY') ?? '' })
  } catch (error) {
    const words = 'is damaged: remove the file, so that another CA is made, and trust that one'
    throw new CaError(`The CA in ${path} ${words}`, { cause: error })
  }
}

async function write(path: string, place: typeof placeFirst, names: readonly string[]) {
  const { certificate, privateKey } = await createCa([...serviceDomains, 'localhost', ...names])
  await writeWholeFile(path, privateKey + certificate, { mode: 0o600, place })
}

async function warnIfWide(path: string, log: Logger): Promise<void> {
  const { mode } = await stat(path)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    log.warn({ path }, 'other users can read the private key of the CA: chmod 600 it')
}

/**
 * Opens the CA of a mock, creates it where there is none, and replaces it 30 days before its end. Throws a {@link CaError} where it cannot
 * be used, and where an existing one was made without one of `caNames`.
 */
export async function openStoredCa(options: CaOptions, log: Logger): Promise<StoredCa> {
  const { caNames = [] } = options
  const folder = findFolder(options)
  const path = join(folder, keyPairFile)
  const file = join(folder, certificateFile)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const known = await read(path)
    if (known === undefined) {
      await write(path, placeFirst, caNames)
      log.info({ file }, 'a CA was made; "sendbox ca" says how to trust it')
    } else if (known.endsAt - Date.now() < renewalMs) {
      await write(path, rename, caNames)
      log.warn({ file }, 'the CA was near its end and was replaced: trust the new one')
    }
    // Another mock may have been first.
    const ca = await read(path)
    if (ca === undefined) throw new CaError(`The CA in ${path} was removed: start again`)
    await warnIfWide(path, log)
    const missing = caNames.find(name => !ca.covers(name))
    if (missing !== undefined) {
      const words = `was made without ${missing}: remove the file, so that another CA is made, and trust that one`
      throw new CaError(`The CA in ${path} ${words}`)
    }
    const isWritten = (await readFile(file, 'utf8').catch(() => '')) === ca.certificate
    if (!isWritten) await writeWholeFile(file, ca.certificate)
    const writeBeside = async (name: string, content: string | Uint8Array) => {
      const beside = join(folder, name)
      await writeWholeFile(beside, content)
      return beside
    }
    return { ...ca, file, writeBeside }
  } catch (error) {
    if (error instanceof CaError) throw error
    const words = `cannot be written (${codeOf(error)}): choose a data folder that this user may write to, or start with --tls-cert and --tls-key`
    throw new CaError(`The CA in ${folder} ${words}`, { cause: error })
  }
}
