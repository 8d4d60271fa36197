import type { DataByKind, EventKind, MockEvent } from './event.ts'

/** Characters that JSON escapes, and halves of surrogate pairs. */
const special = /["\\\p{Cc}\p{Cs}]/u

const quote = (text: string): string => (special.test(text) ? JSON.stringify(text) : `"${text}"`)

/** A field after the first one; nothing for one without a value. */
const field = (name: string, value: string | number | null | undefined): string =>
  value === undefined
    ? ''
    : `,"${name}":${typeof value === 'string' ? quote(value) : String(value)}`

const accountIn = ({ accountId }: { readonly accountId: string | null }): string =>
  `{"accountId":${accountId === null ? 'null' : quote(accountId)}`

const writeCall = (data: DataByKind['call']): string =>
  `${accountIn(data)}${field('at', data.at)}${field('requestId', data.requestId)}${field('operation', data.operation)}${field('method', data.method)}${field('path', data.path)}${field('status', data.status)}${field('consumer', data.consumer)}${field('conversationId', data.conversationId)}${field('sequence', data.sequence)}${field('problem', data.problem)}${field('rule', data.rule)}${field('evidence', data.evidence)}${field('faultId', data.faultId)}${field('durationMs', data.durationMs)}}`

const writeConversation = (data: DataByKind['conversation']): string =>
  `${accountIn(data)}${field('at', data.at)}${field('conversationId', data.conversationId)}${field('dialogId', data.dialogId)}${field('change', data.change)}${field('sequence', data.sequence)}}`

/**
 * Writes the data of an event as `JSON.stringify` does. A SEND is an event of a call and one of its conversation; their texts are put together
 * from their fields, as `JSON.stringify` took a third of what a reader of events costs.
 */
export function writeEvent(kind: EventKind, data: MockEvent['data']): string {
  if (kind === 'call') return writeCall(data as DataByKind['call'])
  if (kind === 'conversation') return writeConversation(data as DataByKind['conversation'])
  return JSON.stringify(data)
}
