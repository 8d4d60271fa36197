import { Readable } from 'node:stream'
import type { FileUrl } from '@sendbox/schema'
import * as z from 'zod'
import type { CallScope } from '../call/deadline.ts'
import { performCall } from '../call/execute.ts'
import { notify } from '../call/observer.ts'
import type { Session } from '../session/session.ts'

/** What an upload or a download needs to know of an answer. Rule: URL-3. */
export const PlaceAnswerSchema: z.ZodType = z.object({
  body: z.object({
    relativePath: z.string().startsWith('/'),
    queryParams: z.object({ temp_url_sig: z.string(), temp_url_expires: z.string() }),
  }),
})

/** How far an upload is. */
export interface UploadProgress {
  readonly sentBytes: number
  readonly totalBytes: number
}

const chunkBytes = 65_536

function* chunksOf(
  bytes: Uint8Array,
  onProgress: (progress: UploadProgress) => void,
): Generator<Uint8Array> {
  const totalBytes = bytes.length
  for (let start = 0; start < totalBytes; start += chunkBytes) {
    yield bytes.subarray(start, start + chunkBytes)
    notify(onProgress, { sentBytes: Math.min(start + chunkBytes, totalBytes), totalBytes })
  }
}

const toTarget = ({ relativePath, queryParams }: FileUrl): string =>
  `${relativePath}?${new URLSearchParams(queryParams).toString()}`

/** Puts bytes where a signed URL says; a repeat puts the same bytes there again. Rules: EP-15, URL-3. */
export const uploadFile = (
  session: Session,
  scope: CallScope,
  {
    place,
    bytes,
    onProgress,
  }: {
    readonly place: FileUrl
    readonly bytes: Uint8Array
    readonly onProgress?: ((progress: UploadProgress) => void) | undefined
  },
): Promise<undefined> =>
  performCall(session.transport, scope, {
    operationId: 'upload',
    purpose: 'Uploading a file',
    isRepeatable: true,
    target: toTarget(place),
    secrets: [place.queryParams.temp_url_sig],
    ...(onProgress === undefined
      ? { body: bytes }
      : {
          body: () => Readable.from(chunksOf(bytes, onProgress)),
          headers: ['Content-Length', String(bytes.length)],
        }),
    ...session.storage,
  })

/** Gets the bytes that a signed URL leads to. Rules: EP-15, URL-3. */
export const downloadFile = (
  session: Session,
  scope: CallScope,
  place: FileUrl,
): Promise<Uint8Array> =>
  performCall(session.transport, scope, {
    operationId: 'download',
    purpose: 'Downloading a file',
    isRepeatable: true,
    target: toTarget(place),
    secrets: [place.queryParams.temp_url_sig],
    ...session.storage,
  })
