import type { FileStore } from '../files/file-store.ts'
import type { TranscriptEntry } from '../model/conversation-state.ts'
import type { Settings } from '../settings.ts'
import type { Profile } from '../store/conversation-record.ts'
import { prepareEvent } from './prepare-event.ts'
import type { ScenarioEvent, ScenarioInput } from './scenario-schema.ts'

export type ConversationInput = NonNullable<ScenarioInput['conversations']>[number]
/** An event as it is written. */
export type EventInput = ConversationInput['events'][number]

/** The facts that a conversation is written with besides its record. */
export interface WriteOptions {
  readonly accountId: string
  readonly files: Pick<FileStore, 'load'>
  /** The settings of the account. */
  readonly settings: Settings
  /** The profile of its consumer, where it is to be written with this conversation. */
  readonly profile: Profile | undefined
}

const base64Of = ({ accountId, files }: WriteOptions, relativePath: string): string | undefined => {
  const file = files.load(accountId, relativePath)
  return file && Buffer.from(file).toString('base64')
}

/** Without the path where the mock has the bytes, which make a new one. */
export function toConsumerEvent(
  { event, metadata }: TranscriptEntry,
  at: number,
  options: WriteOptions,
): EventInput {
  const head = { from: 'consumer', at, type: 'ms.PublishEvent' } as const
  const more = metadata ? { metadata: metadata.map(one => ({ ...one })) } : {}
  if (event.type !== 'ContentEvent') return { ...head, body: { event }, ...more }
  if (event.contentType === 'forms/secure-submission') {
    const { formId, title } = event.message
    return { ...head, body: { event: { ...event, message: { formId, title } } }, ...more }
  }
  const bytes =
    event.contentType === 'hosted/file' ? base64Of(options, event.message.relativePath) : undefined
  if (event.contentType !== 'hosted/file' || bytes === undefined)
    return { ...head, body: { event }, ...more }
  const { relativePath: _, ...message } = event.message
  return { ...head, body: { event: { ...event, message } }, base64: bytes, ...more }
}

/** The action that publishes an entry of the agent's side, without its actor. */
export function toAction({ event }: TranscriptEntry, options: WriteOptions): object | undefined {
  const buttons = 'quickReplies' in event ? { quickReplies: event.quickReplies } : {}
  if (event.type === 'RichContentEvent')
    return { action: 'sendCard', card: event.content, ...buttons }
  if (event.type === 'AcceptStatusEvent') {
    const { status, sequenceList } = event
    if (status !== 'ACCEPT' && status !== 'READ') return undefined
    const action = status === 'ACCEPT' ? 'accept' : 'read'
    return { action, sequenceList: [...sequenceList] }
  }
  if (event.type !== 'ContentEvent') return undefined
  switch (event.contentType) {
    case 'text/plain':
      return { action: 'say', text: event.message, ...buttons }
    case 'hosted/file': {
      const { relativePath, ...file } = event.message
      const base64 = base64Of(options, relativePath)
      return { action: 'sendFile', ...file, ...(base64 !== undefined && { base64 }), ...buttons }
    }
    case 'forms/secure-invitation': {
      const { formId, title } = event.message
      return { action: 'sendSecureForm', formId, title }
    }
    case 'external/file':
      return { action: 'sendExternalFile', ...event.message }
    default:
      return undefined
  }
}

/** Whether an entry is one that strict mode refuses: a receipt of a number to come, or a file that was not uploaded. Rules: PUB-3b, PUB-8a. */
const isTolerated = ({ event, sequence }: TranscriptEntry, hasFile: boolean): boolean =>
  event.type === 'AcceptStatusEvent'
    ? event.sequenceList.some(number => number >= sequence)
    : event.type === 'ContentEvent' && event.contentType === 'hosted/file' && !hasFile

/** The mode of the service. */
export const asService = { mode: 'as-service' } as const

/** Says that the mode was another one where the present one refuses an entry. */
export const withMode = (event: object, entry: TranscriptEntry, { mode }: Settings): object =>
  mode === 'strict' && isTolerated(entry, true) ? { ...event, settings: asService } : event

/** The limits that an event keeps. */
const toLimits = ({ event }: TranscriptEntry, { limits }: Settings) => ({
  fileBytes: Number.MAX_SAFE_INTEGER,
  previewCharacters: Number.MAX_SAFE_INTEGER,
  textLength: Number.MAX_SAFE_INTEGER,
  fileTypes:
    event.type === 'ContentEvent' && event.contentType === 'hosted/file'
      ? [...limits.fileTypes, event.message.fileType]
      : limits.fileTypes,
})

/** Says that mode and limits were others where the present ones refuse an event of the consumer. */
export function withLimits(
  event: EventInput,
  entry: TranscriptEntry,
  settings: Settings,
): EventInput {
  const { mode } = settings
  const isAccepted = (those: Settings): boolean =>
    prepareEvent(event as ScenarioEvent, [], those).ok &&
    !(those.mode === 'strict' && isTolerated(entry, 'base64' in event))
  if (isAccepted(settings)) return event
  const tolerant: Settings = { ...settings, ...asService }
  const modeThen = mode === 'strict' ? asService : {}
  if (isAccepted(tolerant)) return { ...event, settings: modeThen }
  return { ...event, settings: { ...modeThen, limits: toLimits(entry, settings) } }
}
