import { fileLimits } from '../primitives/file-limits.ts'
import type { ConversationBatchItem } from '../requests/open-conversation.ts'
import type { PublishedEvent } from '../requests/publish-event.ts'
import type { SendRequest } from '../requests/send-request.ts'
import { alternatives, createProblem, type Path, type Violation } from './problem.ts'

/** Limits of files and texts, and the accepted file types. Rules: PUB-2, PUB-4, PUB-5. */
export interface RequestLimits {
  /**
   * Maximum size of a file, in bytes.
   * @default 3_145_728
   */
  readonly fileBytes: number
  /**
   * A preview's data URL must be shorter than this, in characters.
   * @default 30_720
   */
  readonly previewCharacters: number
  /**
   * Maximum length of a text, in characters; `null` for no limit, as the public material names none.
   * @default null
   */
  readonly textLength: number | null
  /**
   * Accepted file types; a type in another letter case is accepted with a diagnostic.
   * @default ['JPG', 'JPEG', 'PNG', 'GIF']
   */
  readonly fileTypes: readonly string[]
}

/** The limits of the public material. Rules: PUB-2, PUB-4, PUB-5. */
export const defaultLimits: RequestLimits = {
  ...fileLimits,
  textLength: null,
}

function checkFileType(fileType: string, path: Path, { fileTypes }: RequestLimits): Violation[] {
  if (fileTypes.includes(fileType)) return []
  const otherCase = fileTypes.find(type => type.toLowerCase() === fileType.toLowerCase())
  const problem = createProblem({
    path: [...path, 'fileType'],
    expected: otherCase ?? alternatives(fileTypes),
    received: fileType,
    rule: otherCase === undefined ? 'PUB-4.1' : 'PUB-4.2',
  })
  return [{ problem, refusedIn: otherCase === undefined ? 'every mode' : 'strict' }]
}

/** Counts code points, as zod and JSON Schema do. */
const characterCount = (text: string): number => Array.from(text).length

const exceeded = (problem: Parameters<typeof createProblem>[0]): Violation[] => [
  { problem: createProblem(problem), refusedIn: 'every mode' },
]

function checkEvent(event: PublishedEvent, path: Path, limits: RequestLimits): Violation[] {
  if (event.type !== 'ContentEvent') return []
  const { message } = event
  const { textLength } = limits
  const toPath = (...names: Path): Path => [...path, 'body', 'event', 'message', ...names]
  if (typeof message === 'string')
    return textLength === null || characterCount(message) <= textLength
      ? []
      : exceeded({
          path: toPath(),
          expected: `at most ${textLength} characters`,
          received: message,
          rule: 'PUB-2',
        })
  const types = checkFileType(message.fileType, toPath(), limits)
  if (characterCount(message.preview ?? '') < limits.previewCharacters) return types
  const preview = exceeded({
    path: toPath('preview'),
    expected: `fewer than ${limits.previewCharacters} characters`,
    received: message.preview,
    rule: 'PUB-5.1',
  })
  return [...types, ...preview]
}

/** Lists the limits that a request exceeds. Rules: PUB-2, PUB-4, PUB-5, URL-1. */
export function checkRequestLimits(
  request: SendRequest | ConversationBatchItem,
  limits: RequestLimits,
  path: Path = [],
): Violation[] {
  if (request.type === 'ms.PublishEvent') return checkEvent(request.body.event, path, limits)
  if (request.type !== 'ms.GenerateURLForUploadFile') return []
  const bodyPath = [...path, 'body']
  const { fileSize, fileType } = request.body
  const types = checkFileType(fileType, bodyPath, limits)
  if (Number(fileSize) <= limits.fileBytes) return types
  const size = exceeded({
    path: [...bodyPath, 'fileSize'],
    expected: `at most ${limits.fileBytes} bytes`,
    received: fileSize,
    rule: 'PUB-5.2',
  })
  return [...size, ...types]
}
