import { extname } from 'node:path'
import { Readable } from 'node:stream'
import { defaultLimits, type RequestLimits } from '@sendbox/schema'
import { toCallInfo } from '../call/attempt.ts'
import type { CallScope } from '../call/deadline.ts'
import { NeededFileUrlSchema } from '../call/needed-response.ts'
import type { PublishOptions } from '../call-options.ts'
import type { CallInfo } from '../errors/client-error.ts'
import { type FileProblem, FileRefusedError } from '../errors/local-errors.ts'
import { prepareRequest } from '../send/send-request.ts'
import { toSentEvent } from '../send/sent-event.ts'
import type { Session } from '../session/session.ts'
import { type FileSource, readFileSource } from './file-source.ts'
import { type UploadProgress, uploadFile } from './storage.ts'

/** Options of a file message. Rules: PUB-3, PUB-4, PUB-5. */
export interface SendFileOptions extends PublishOptions {
  /**
   * Type of the file, such as `PNG`. Rule: PUB-4.
   * @default the extension of `fileName` or the path, else detected from the first bytes
   */
  readonly fileType?: string | undefined
  /** Name whose extension is the type of bytes or a stream; it is not sent. */
  readonly fileName?: string | undefined
  readonly caption?: string | undefined
  /** Thumbnail as a data URL, shorter than 30,720 characters. Rule: PUB-5. */
  readonly preview?: string | undefined
  /** Called after each chunk of at most 64 KB; a retry starts from 0. */
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined
}

/** A published file message. */
export interface SentFile {
  readonly sequence: number
  /** Path of the file, for `downloadFile`. Rule: URL-3. */
  readonly relativePath: string
  readonly fileType: string
}

export interface FileMessage {
  readonly consumer: string
  readonly conversationId: string
  readonly source: FileSource
  readonly options: SendFileOptions
}

export const sendFileInfo: CallInfo = toCallInfo('upload', {
  purpose: 'Sending a file',
  idempotent: true,
})

function refuse(problem: FileProblem, detail: string): never {
  throw new FileRefusedError(sendFileInfo, { problem, detail })
}

/** First bytes of the documented file types. Rule: PUB-4. */
const signatures = [
  ['PNG', [0x89, 0x50, 0x4e, 0x47]],
  ['JPG', [0xff, 0xd8, 0xff]],
  ['GIF', [0x47, 0x49, 0x46, 0x38]],
] as const

/** File type by a known extension, else by the first bytes, else the extension. Rule: PUB-4. */
export function toFileType(
  { name = '', bytes }: { readonly name?: string | undefined; readonly bytes: Uint8Array },
  fileTypes: readonly string[],
): string | undefined {
  const extension = extname(name).slice(1).toUpperCase()
  if (fileTypes.includes(extension)) return extension
  const found = signatures.find(([, start]) => start.every((byte, index) => bytes[index] === byte))
  return found?.[0] ?? (extension === '' ? undefined : extension)
}

function findFileType(
  { source, options: { fileType, fileName } }: FileMessage,
  bytes: Uint8Array,
  { fileTypes }: RequestLimits,
): string {
  const path = source instanceof URL ? source.pathname : source
  const name = fileName ?? (typeof path === 'string' ? path : '')
  return (
    fileType ??
    toFileType({ name, bytes }, fileTypes) ??
    refuse('unknown-type', 'its type cannot be told, so nothing was sent. Name it as fileType.')
  )
}

function checkPreview(preview: string, { previewCharacters }: RequestLimits): void {
  if (Array.from(preview).length < previewCharacters) return
  refuse(
    'preview',
    `the preview has ${previewCharacters} characters or more, so nothing was sent. Send a smaller preview, or none.`,
  )
}

function checkFileType(fileType: string, { fileTypes }: RequestLimits): void {
  if (fileTypes.some(known => known.toLowerCase() === fileType.toLowerCase())) return
  refuse(
    'refused-type',
    `files of type ${JSON.stringify(fileType)} are not taken, only ${fileTypes.join(', ')}, so nothing was sent. Send another file, or name the type in limits.fileTypes.`,
  )
}

/** Keeps an early error of a queued stream from being uncaught; reading the stream reports it. */
export function ignoreEarlyErrors(source: FileSource): void {
  if (source instanceof Readable) source.on('error', () => undefined)
}

/** Uploads the file and publishes it. Rules: PUB-3, PUB-4, PUB-5, URL-1, EP-15. */
export async function sendFile(
  session: Session,
  scope: CallScope,
  message: FileMessage,
): Promise<SentFile> {
  const { consumer, conversationId, source, options } = message
  const { caption, preview, metadata, onProgress } = options
  const isChecked = session.checks.requests !== 'off'
  const limits: RequestLimits = { ...defaultLimits, ...session.limits }
  if (isChecked && preview !== undefined) checkPreview(preview, limits)
  const maxBytes = isChecked ? limits.fileBytes : Number.POSITIVE_INFINITY
  const bytes = await readFileSource(source, { callInfo: sendFileInfo, scope, maxBytes })
  const fileType = findFileType(message, bytes, limits)
  if (isChecked) checkFileType(fileType, limits)

  const urlRequest = prepareRequest(
    session,
    {
      kind: 'req',
      type: 'ms.GenerateURLForUploadFile',
      body: { fileSize: bytes.length, fileType },
    },
    { consumer, minResponseSchema: NeededFileUrlSchema },
  )
  const fileUrl = (await urlRequest.execute(scope)).body
  await uploadFile(session, scope, { fileUrl, bytes, onProgress })
  const { relativePath } = fileUrl
  const file = {
    relativePath,
    fileType,
    ...(caption !== undefined && { caption }),
    ...(preview !== undefined && { preview }),
  }
  const publication = prepareRequest(
    session,
    {
      kind: 'req',
      type: 'ms.PublishEvent',
      body: {
        dialogId: conversationId,
        event: { type: 'ContentEvent', contentType: 'hosted/file', message: file },
      },
      ...(metadata !== undefined && { metadata }),
    },
    { ...options, consumer, conversationId },
  )
  const { sequence } = toSentEvent(await publication.execute(scope))
  return { sequence, relativePath, fileType }
}
