import { Journal } from '../../../src/journal/journal.ts'
import type { JournalRecord } from '../../../src/journal/record.ts'

/** A journal without updates. */
export const createJournal = (entries = 1000, maxBytes = 1_000_000): Journal =>
  new Journal({
    accountId: '1',
    subscribe: () => () => {},
    entries,
    maxBytes,
    secretsOf: () => [],
  })

/** A record of a SEND call, with the given fields. */
export const recordOf = (given: Partial<JournalRecord> = {}): JournalRecord => ({
  id: 0,
  time: 0,
  operation: 'send',
  method: 'POST',
  url: '/send?v=3',
  headers: '',
  by: undefined,
  json: undefined,
  reqId: undefined,
  bodyBytes: undefined,
  text: undefined,
  consumerId: undefined,
  extConsumerId: undefined,
  conversationId: undefined,
  types: [],
  events: [],
  status: 200,
  answerHeaders: undefined,
  answerJson: undefined,
  answerBytes: undefined,
  rules: [],
  diagnostics: [],
  problems: [],
  hint: undefined,
  delivery: 'whole',
  faultId: undefined,
  durationMs: 1,
  sizeBytes: 100,
  ...given,
})

/** A record of a consumer's text in a conversation. */
export const textOf = (
  conversationId: string,
  message: string,
  given: Partial<JournalRecord> = {},
): JournalRecord =>
  recordOf({
    conversationId,
    types: ['ms.PublishEvent'],
    events: ['ContentEvent'],
    json: JSON.stringify({ body: { event: { type: 'ContentEvent', message } } }),
    ...given,
  })
