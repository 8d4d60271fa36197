import { errorCodes } from '@sendbox/schema'
import { toStoredPaths } from '../../files/file-urls.ts'
import {
  ControlRefusalSchema,
  controlPrefix,
  defineControlOperation,
  refuseControl,
} from '../operation.ts'

/** The pictures that a browser may show; whatever else a file is, it is saved. */
const shownTypes: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
}

const office = 'application/vnd.openxmlformats-officedocument'

const savedTypes: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  txt: 'text/plain',
  docx: `${office}.wordprocessingml.document`,
  pptx: `${office}.presentationml.presentation`,
  xlsx: `${office}.spreadsheetml.sheet`,
}

/** A name as a header may have it. Source: RFC 8187 section 3.2. */
const encodeName = (name: string): string =>
  encodeURIComponent(name).replace(/['()*!]/g, mark => `%${mark.charCodeAt(0).toString(16)}`)

/** A hostile file does nothing where it is opened: it runs no script, loads nothing, and is of the type of its name only. */
function toHeaders(relativePath: string): Readonly<Record<string, string>> {
  const name = relativePath.split('/').at(-1) ?? ''
  const suffix = name.split('.').at(-1)?.toLowerCase() ?? ''
  const shown = Object.hasOwn(shownTypes, suffix) ? shownTypes[suffix] : undefined
  const saved = Object.hasOwn(savedTypes, suffix) ? savedTypes[suffix] : undefined
  return {
    'Content-Type': shown ?? saved ?? 'application/octet-stream',
    'Content-Disposition': `${shown ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeName(name)}`,
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "sandbox; default-src 'none'",
  }
}

export const getFile = defineControlOperation({
  id: 'getFile',
  method: 'GET',
  path: '/accounts/{accountId}/files/{fileId}',
  summary:
    'Answers the bytes of a file, which is a picture by its name or is to be saved; `fileId` is its `relativePath` without the folder of the account, and `file` of an entry in a transcript is this path',
  responses: { 200: null, 404: ControlRefusalSchema },
  contentType: '*/*',
  handle({ params: { accountId = '', fileId = '' } }, { files }) {
    for (const relativePath of toStoredPaths(accountId, fileId)) {
      const bytes = files.load(accountId, relativePath)
      if (bytes) return { status: 200, bytes, headers: toHeaders(relativePath) }
    }
    return refuseControl(
      404,
      `Account ${accountId} has no file ${fileId}: it was not uploaded, or newer ones took its place; GET ${controlPrefix}/accounts/${accountId}/snapshot lists the files that the account has`,
      { errorCode: errorCodes.fileNotFound },
    )
  },
})
