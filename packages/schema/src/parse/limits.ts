import type { ConversationBatchItem } from '../requests/open-conversation.ts'
import type { PublishedEvent } from '../requests/publish-event.ts'
import type { SendRequest } from '../requests/send-request.ts'
import { alternatives } from './explain-mismatch.ts'
import { createProblem, type Problem } from './problem.ts'

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
   * The longest text, in characters; `null` for none, as the public material names none.
   * @default null
   */
  readonly textLength: number | null
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
  textLength: null,
  fileTypes: ['JPG', 'JPEG', 'PNG', 'GIF'],
}

type Path = readonly PropertyKey[]

/** A limit that a request exceeds, or comes close to in a way that is only worth a note. */
export interface LimitFinding {
  readonly problem: Problem
  readonly isNote: boolean
}

function findFileType(fileType: string, path: Path, { fileTypes }: RequestLimits): LimitFinding[] {
  if (fileTypes.includes(fileType)) return []
  const otherCase = fileTypes.find(type => type.toLowerCase() === fileType.toLowerCase())
  const problem = createProblem({
    path: [...path, 'fileType'],
    expected: otherCase ?? alternatives(fileTypes),
    received: fileType,
    rule: otherCase === undefined ? 'PUB-4.1' : 'PUB-4.2',
  })
  return [{ problem, isNote: otherCase !== undefined }]
}

/** Counts as zod and JSON Schema do: by code point. */
const characterCount = (text: string): number => Array.from(text).length

const exceeded = (problem: Parameters<typeof createProblem>[0]): LimitFinding[] => [
  { problem: createProblem(problem), isNote: false },
]

function findInEvent(event: PublishedEvent, path: Path, limits: RequestLimits): LimitFinding[] {
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
  const types = findFileType(message.fileType, toPath(), limits)
  if (characterCount(message.preview ?? '') < limits.previewCharacters) return types
  const preview = exceeded({
    path: toPath('preview'),
    expected: `fewer than ${limits.previewCharacters} characters`,
    received: message.preview,
    rule: 'PUB-5.1',
  })
  return [...types, ...preview]
}

/** Finds where a request exceeds the limits. Rules: PUB-2, PUB-4, PUB-5, URL-1. */
export function limitFindingsIn(
  request: SendRequest | ConversationBatchItem,
  limits: RequestLimits,
  path: Path = [],
): LimitFinding[] {
  if (request.type === 'ms.PublishEvent') return findInEvent(request.body.event, path, limits)
  if (request.type !== 'ms.GenerateURLForUploadFile') return []
  const bodyPath = [...path, 'body']
  const { fileSize, fileType } = request.body
  const types = findFileType(fileType, bodyPath, limits)
  if (Number(fileSize) <= limits.fileBytes) return types
  const size = exceeded({
    path: [...bodyPath, 'fileSize'],
    expected: `at most ${limits.fileBytes} bytes`,
    received: fileSize,
    rule: 'PUB-5.2',
  })
  return [...size, ...types]
}
