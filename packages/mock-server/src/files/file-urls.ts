import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Operation, operations, type SentFileUrl, toPath } from '@sendbox/schema'

/** Lifetime of a signature, in seconds. Rule: URL-3. */
const lifetimeSeconds = 60

/** Signs the URLs of the mock's storage; published, so it protects nothing. */
const signingKey = 'sendbox-storage'

type FileMethod = Extract<Operation['method'], 'PUT' | 'GET'>

/** One method on one path, until `expires` in seconds since the epoch. Rule: EP-16. */
interface SignedUse {
  readonly method: FileMethod
  readonly relativePath: string
  readonly expires: string
}

const sign = ({ method, relativePath, expires }: SignedUse): string =>
  createHmac('sha1', signingKey).update(`${method}\n${expires}\n${relativePath}`).digest('hex')

/** Whether a signature is the one of this use. */
export const isSignatureOf = (signature: string, use: SignedUse): boolean => {
  const [given, expected] = [Buffer.from(signature), Buffer.from(sign(use))]
  return given.byteLength === expected.byteLength && timingSafeEqual(given, expected)
}

/** Creates a signed URL that is valid for a minute; `now` is in ms since the epoch. Rule: URL-3. */
export function toFileUrl(method: FileMethod, relativePath: string, now: number): SentFileUrl {
  const expires = String(Math.floor(now / 1000) + lifetimeSeconds)
  return {
    relativePath,
    queryParams: {
      temp_url_sig: sign({ method, relativePath, expires }),
      temp_url_expires: expires,
    },
  }
}

/** Formats a time as day, month, year, hours, minutes, seconds and ms, in UTC. Rule: URL-3. */
function toFileDate(now: number): string {
  const [year, month, day, ...time] = new Date(now).toISOString().match(/\d+/g) ?? []
  return `${day}-${month}-${Number(year)}_${time.join('-')}`
}

/** Creates the path of an upload. Rule: URL-3. */
export const toRelativePath = (file: {
  readonly accountId: string
  readonly consumerId: string
  readonly uuid: string
  readonly fileType: string
  readonly now: number
}): string => {
  const { accountId, consumerId, uuid, fileType, now } = file
  const fileName = `${consumerId}_uuid_${uuid}_${toFileDate(now)}.${fileType}`
  return toPath(operations.upload.path, { accountId, fileName })
}

const toFolder = (accountId: string): string =>
  toPath(operations.upload.path, { accountId, fileName: '' })

/** The id of a file in the control API: its path without the folder of its account, or the whole path of one that is elsewhere. */
export function toFileId(accountId: string, relativePath: string): string {
  const folder = toFolder(accountId)
  return relativePath.startsWith(folder) ? relativePath.slice(folder.length) : relativePath
}

/** The paths that a file with this id may have. */
export const toStoredPaths = (accountId: string, fileId: string): readonly string[] => [
  toFolder(accountId) + fileId,
  fileId,
]

/** Whether a path is one of an account's files, which no segment such as `..` leaves. Rule: URL-2a. */
export function isPathOf(accountId: string, relativePath: string): boolean {
  const folder = toFolder(accountId)
  return (
    relativePath.startsWith(folder) &&
    relativePath.length > folder.length &&
    new URL(relativePath, 'http://sendbox').pathname.startsWith(folder)
  )
}
