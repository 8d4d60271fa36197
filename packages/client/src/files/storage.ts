import { Readable } from 'node:stream'
import type { FileUrl } from '@sendbox/schema'
import type { CallScope } from '../call/deadline.ts'
import { executeWithRetry } from '../call/execute.ts'
import { notify } from '../call/observer.ts'
import type { Session } from '../session/session.ts'

/** Progress of an upload. */
export interface UploadProgress {
  readonly sentBytes: number
  readonly totalBytes: number
}

type ProgressListener = (progress: UploadProgress) => void

const chunkBytes = 65_536

function* chunksOf(bytes: Uint8Array, onProgress: ProgressListener): Generator<Uint8Array> {
  const totalBytes = bytes.length
  for (let start = 0; start < totalBytes; start += chunkBytes) {
    yield bytes.subarray(start, start + chunkBytes)
    notify(onProgress, { sentBytes: Math.min(start + chunkBytes, totalBytes), totalBytes })
  }
}

const callOf = ({ storage }: Session, { relativePath, queryParams }: FileUrl) => ({
  idempotent: true,
  target: `${relativePath}?${new URLSearchParams(queryParams).toString()}`,
  secrets: [queryParams.temp_url_sig],
  ...storage,
})

/** Uploads bytes to a signed URL; a retry overwrites them. Rules: EP-15, URL-3. */
export const uploadFile = (
  session: Session,
  scope: CallScope,
  {
    fileUrl,
    bytes,
    onProgress,
  }: {
    readonly fileUrl: FileUrl
    readonly bytes: Uint8Array
    readonly onProgress?: ProgressListener | undefined
  },
): Promise<undefined> =>
  executeWithRetry(session.transport, scope, {
    ...callOf(session, fileUrl),
    operationId: 'upload',
    purpose: 'Uploading a file',
    ...(onProgress === undefined
      ? { body: bytes }
      : {
          body: () => Readable.from(chunksOf(bytes, onProgress)),
          headers: ['Content-Length', String(bytes.length)],
        }),
  })

/** Downloads the bytes at a signed URL. Rules: EP-15, URL-3. */
export const downloadFile = (
  session: Session,
  scope: CallScope,
  fileUrl: FileUrl,
): Promise<Uint8Array> =>
  executeWithRetry(session.transport, scope, {
    ...callOf(session, fileUrl),
    operationId: 'download',
    purpose: 'Downloading a file',
  })
