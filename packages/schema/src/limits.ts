import type { ConversationBatchItem } from './conversation-batch.ts'
import { alternatives, createProblem, type Problem } from './problem.ts'
import type { PublishedEvent } from './publish-event.ts'
import type { SendRequest } from './send-request.ts'

/** How large files and texts may be, and which files are taken. Rules: PUB-2, PUB-4, PUB-5. */
export interface RequestLimits {
  /**
   * The largest file, in bytes.
   * @default 3_145_728
   */
  readonly fileBytes: number
  /**
   * The whole data URL of a preview must be shorter than this, in characters.
   * @default 30_720
   */
  readonly previewCharacters: number
  /**
   * The longest text, in characters. The public material names no limit.
   * @default Infinity
   */
  readonly textCharacters: number
  /**
   * The file types that are taken; a type in another letter case is noted.
   * @default ['JPG', 'JPEG', 'PNG', 'GIF']
   */
  readonly fileTypes: readonly string[]
}

/** The limits of the public material. Rules: PUB-2, PUB-4, PUB-5. */
export const defaultLimits: RequestLimits = {
  fileBytes: 3_145_728,
  previewCharacters: 30_720,
  textCharacters: Number.POSITIVE_INFINITY,
  fileTypes: ['JPG', 'JPEG', 'PNG', 'GIF'],
}

type Path = readonly PropertyKey[]

function checkFileType(fileType: string, path: Path, { fileTypes }: RequestLimits): Problem[] {
  if (fileTypes.includes(fileType)) return []
  const upperCase = fileTypes.find(type => type.toLowerCase() === fileType.toLowerCase())
  return [
    createProblem({
      path: [...path, 'fileType'],
      expected: upperCase ?? alternatives(fileTypes),
      received: fileType,
      rule: upperCase === undefined ? 'PUB-4.1' : 'PUB-4.2',
    }),
  ]
}

function checkEvent(event: PublishedEvent, path: Path, limits: RequestLimits): Problem[] {
  if (event.type !== 'ContentEvent') return []
  const { message } = event
  if (typeof message === 'string')
    return message.length <= limits.textCharacters
      ? []
      : [
          createProblem({
            path: [...path, 'message'],
            expected: `at most ${limits.textCharacters} characters`,
            received: message,
            rule: 'PUB-2',
          }),
        ]
  const filePath = [...path, 'message']
  const isPreviewShort = (message.preview?.length ?? 0) < limits.previewCharacters
  const preview = createProblem({
    path: [...filePath, 'preview'],
    expected: `fewer than ${limits.previewCharacters} characters`,
    received: message.preview,
    rule: 'PUB-5.1',
  })
  return [
    ...checkFileType(message.fileType, filePath, limits),
    ...(isPreviewShort ? [] : [preview]),
  ]
}

/** Says where a request exceeds the limits; `PUB-4.2` is only worth a note. Rules: PUB-2, PUB-4, PUB-5, URL-1. */
export function checkLimits(
  request: SendRequest | ConversationBatchItem,
  limits: RequestLimits,
  path: Path = [],
): Problem[] {
  if (request.type === 'ms.PublishEvent')
    return checkEvent(request.body.event, [...path, 'body', 'event'], limits)
  if (request.type !== 'ms.GenerateURLForUploadFile') return []
  const { fileSize, fileType } = request.body
  const size = createProblem({
    path: [...path, 'body', 'fileSize'],
    expected: `at most ${limits.fileBytes} bytes`,
    received: fileSize,
    rule: 'PUB-5.2',
  })
  return [
    ...(Number(fileSize) <= limits.fileBytes ? [] : [size]),
    ...checkFileType(fileType, [...path, 'body'], limits),
  ]
}
