import { Readable } from 'node:stream'
import { defaultLimits, type RequestLimits } from '@sendbox/schema'
import { toUnsentCall } from '../call/attempt.ts'
import type { CallScope } from '../call/deadline.ts'
import type { PublishOptions } from '../call-options.ts'
import type { FailedCall } from '../errors/client-error.ts'
import { type FileFault, FileRefusedError } from '../errors/local-errors.ts'
import { prepareRequest } from '../send/send-request.ts'
import { toSentEvent } from '../send/sent-event.ts'
import type { Session } from '../session/session.ts'
import { type FileSource, readFileSource } from './file-source.ts'
import { toFileType } from './file-type.ts'
import { PlaceAnswerSchema, type UploadProgress, uploadFile } from './storage.ts'

/** What a file message says beside the file. Rules: PUB-3, PUB-4, PUB-5. */
export interface SendFileOptions extends PublishOptions {
  /**
   * The file's type, such as `PNG`. Rule: PUB-4.
   *
   * @default the ending of the path or `fileName`, else what the first bytes tell
   */
  readonly fileType?: string | undefined
  /** The name whose ending tells the type of bytes or a stream; it is not sent. */
  readonly fileName?: string | undefined
  readonly caption?: string | undefined
  /** A small picture as a data URL, shorter than 30,720 characters. Rule: PUB-5. */
  readonly preview?: string | undefined
  /** Is told after each part of at most 64 KB; a repeat starts again. */
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined
}

/** A file message that was published. */
export interface SentFile {
  readonly sequence: number
  /** Where the file is: what `downloadFile` takes. Rule: URL-3. */
  readonly relativePath: string
  readonly fileType: string
}

/** Whose message it is. */
export interface FileMessage {
  readonly consumer: string
  readonly conversationId: string
  readonly source: FileSource
  readonly options: SendFileOptions
}

export const aboutFile: FailedCall = toUnsentCall('upload', {
  purpose: 'Sending a file',
  isRepeatable: true,
})

const refuse = (fault: FileFault, said: string): FileRefusedError =>
  new FileRefusedError(aboutFile, { fault, said })

const isOneOf = (fileTypes: readonly string[], fileType: string): boolean =>
  fileTypes.some(known => known.toLowerCase() === fileType.toLowerCase())

function checkPreview(preview: string, { previewCharacters }: RequestLimits): void {
  if (Array.from(preview).length < previewCharacters) return
  throw refuse(
    'preview',
    `the preview has ${previewCharacters} characters or more, so nothing was sent. Send a smaller preview, or none.`,
  )
}

function findFileType(
  { source, options: { fileType, fileName } }: FileMessage,
  bytes: Uint8Array,
  { fileTypes }: RequestLimits,
): string {
  const name = source instanceof URL ? source.pathname : source
  const found =
    fileType ??
    toFileType({ name: fileName ?? (typeof name === 'string' ? name : ''), bytes }, fileTypes)
  if (found !== undefined) return found
  throw refuse('unknown-type', 'its type cannot be told, so nothing was sent. Name it as fileType.')
}

function checkFileType(fileType: string, { fileTypes }: RequestLimits): void {
  if (isOneOf(fileTypes, fileType)) return
  throw refuse(
    'refused-type',
    `files of type ${JSON.stringify(fileType)} are not taken, only ${fileTypes.join(', ')}, so nothing was sent. Send another file, or name the type in limits.fileTypes.`,
  )
}

/** An error of a stream that waits for its turn would be nobody's; it is found when it is read. */
export function holdErrors(source: FileSource): void {
  if (source instanceof Readable) source.on('error', () => undefined)
}

/**
 * Reads the file, asks for a place, puts it there and publishes the place. Rules: PUB-3, PUB-4,
 * PUB-5, URL-1, EP-15.
 */
export async function sendFile(
  session: Session,
  scope: CallScope,
  message: FileMessage,
): Promise<SentFile> {
  const { consumer, conversationId, source, options } = message
  const { caption, preview, metadata, mayActTwice, onProgress } = options
  const isChecked = session.checks.requests !== 'off'
  const limits: RequestLimits = { ...defaultLimits, ...session.limits }
  if (isChecked && preview !== undefined) checkPreview(preview, limits)
  const maxBytes = isChecked ? limits.fileBytes : Number.POSITIVE_INFINITY
  const bytes = await readFileSource(source, { about: aboutFile, scope, maxBytes })
  const fileType = findFileType(message, bytes, limits)
  if (isChecked) checkFileType(fileType, limits)

  const asked = prepareRequest(
    session,
    {
      kind: 'req',
      type: 'ms.GenerateURLForUploadFile',
      body: { fileSize: bytes.length, fileType },
    },
    { consumer, leastAnswer: PlaceAnswerSchema },
  )
  const place = (await asked.perform(scope)).body
  await uploadFile(session, scope, { place, bytes, onProgress })
  const { relativePath } = place
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
    { consumer, conversationId, mayActTwice },
  )
  const { sequence } = toSentEvent(await publication.perform(scope))
  return { sequence, relativePath, fileType }
}
