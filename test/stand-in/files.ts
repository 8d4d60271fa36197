import { createHmac, randomUUID } from 'node:crypto'
import { type Json, Refusal, type StandInAnswer, toRefusalAnswer } from './answer.ts'
import { standInClient } from './tokens.ts'

/** The files of the stand-in: URL-1 to URL-3, EP-15, EP-16. */
export interface StandInFiles {
  toUpload(body: Json): Json
  toDownload(body: Json): Json
  transfer(method: string, path: string, query: URLSearchParams, bytes: Buffer): StandInAnswer
}

const folder = `/v1/AUTH_async-images/${standInClient.accountId}/`

const signatureOf = (method: string, path: string, expires: string): string =>
  createHmac('sha1', 'the files of the stand-in')
    .update(`${method}\n${expires}\n${path}`)
    .digest('hex')

function toUrl(method: string, relativePath: string): Json {
  const expires = String(Math.floor(Date.now() / 1000) + 60)
  const queryParams = {
    temp_url_sig: signatureOf(method, relativePath, expires),
    temp_url_expires: expires,
  }
  return { relativePath, queryParams }
}

const stamp = (now: Date): string => {
  const [day = '', time = ''] = now.toISOString().slice(0, -1).split('T')
  return `${day.split('-').toReversed().join('-')}_${time.replaceAll(/[:.]/g, '-')}`
}

/** Makes a storage that is empty. */
export function createStandInFiles(): StandInFiles {
  const stored = new Map<string, Buffer>()
  return {
    toUpload({ fileSize, fileType }) {
      if (!['JPG', 'JPEG', 'PNG', 'GIF'].includes(String(fileType)))
        throw new Refusal(40052, '/body/fileType: expected JPG, JPEG, PNG or GIF')
      if (Number(fileSize) > 3_145_728) throw new Refusal(40056, 'File exceeds a limit')
      const owner = signatureOf('owner', randomUUID(), '').padEnd(64, '0')
      const name = `${owner}_uuid_${randomUUID()}_${stamp(new Date())}.${String(fileType)}`
      return toUrl('PUT', `${folder}${name}`)
    },
    toDownload({ relativePath }) {
      if (!String(relativePath).startsWith(folder))
        throw new Refusal(40052, '/body/relativePath: expected a path of a file of this account')
      return toUrl('GET', String(relativePath))
    },
    transfer(method, path, query, bytes) {
      const expires = query.get('temp_url_expires') ?? ''
      const isSigned = query.get('temp_url_sig') === signatureOf(method, path, expires)
      if (!isSigned || Number(expires) * 1000 < Date.now())
        // The protocol has no code for this one: docs/assumptions.md chose it.
        return toRefusalAnswer(new Refusal(40151, 'Temp URL invalid'), undefined)
      if (method === 'PUT') {
        stored.set(path, bytes)
        return { status: 201 }
      }
      const found = stored.get(path)
      return found === undefined ? { status: 404 } : { status: 200, body: found }
    },
  }
}
