import type { JournalEntry, MockAccount } from '@sendbox/mock-server'
import { SendRequestSchema } from '@sendbox/schema'

/** The outcome that the client reported for a text. */
export type Report =
  | { readonly kind: 'sent'; readonly sequence: number }
  | { readonly kind: 'failed' | 'unknown'; readonly code: string }

/** A text that was sent, or not. */
export interface ReportedText {
  readonly conversationId: string
  readonly text: string
  readonly report: Report
}

/** The mock's record of a text. */
interface Known {
  /** Under which numbers the transcript has it. */
  readonly sequences: readonly number[]
  /** The calls that carried it, oldest first. */
  readonly entries: readonly JournalEntry[]
}

/** The text that a request publishes. */
export function textIn(body: unknown): string | undefined {
  const { data } = SendRequestSchema.safeParse(body)
  const event = data?.type === 'ms.PublishEvent' ? data.body.event : undefined
  return event?.type === 'ContentEvent' && typeof event.message === 'string'
    ? event.message
    : undefined
}

/** The number that a call gave its text, where the call was processed; its answer may be lost on the way. */
function sequenceIn({ status, answer, fault }: JournalEntry): number | undefined {
  const isProcessed = status === 200 && (fault === undefined || fault.delivery !== 'whole')
  const { body } = (answer?.body ?? {}) as { readonly body?: { readonly sequence?: number } }
  return isProcessed ? body?.sequence : undefined
}

/** A status from 500 up says nothing of what was done. */
const isRefused = ({ status = 500 }: JournalEntry): boolean => status >= 400 && status < 500

const isAnswered = (entry: JournalEntry): boolean => entry.fault === undefined

/** Says what is wrong with a report; `undefined` where it is right. */
function findFault(report: Report, { sequences, entries }: Known): string | undefined {
  const last = entries.at(-1)
  const there = sequences.join(', ')
  const processed = entries.flatMap(entry => sequenceIn(entry) ?? []).join(', ')
  if (processed !== there)
    return `the journal gave it [${processed}], the transcript has it as [${there}]`
  switch (report.kind) {
    case 'sent':
      if (there !== String(report.sequence))
        return `reported as ${report.sequence}, in the transcript as [${there}]`
      return last && isAnswered(last) ? undefined : 'reported as sent without an answer'
    case 'failed':
      if (sequences.length > 0) return `reported as failed, but it is [${there}]`
      return entries.every(isRefused) ? undefined : 'reported as failed, though nothing refused it'
    case 'unknown':
      if (sequences.length > 1) return `repeated though unknown: [${there}]`
      return last && !isAnswered(last) ? undefined : 'reported as unknown though it was answered'
  }
}

function group<Item, Key>(items: readonly Item[], toKey: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>()
  for (const item of items) {
    const key = toKey(item)
    const found = groups.get(key)
    if (found === undefined) groups.set(key, [item])
    else found.push(item)
  }
  return groups
}

const toWords = ({ conversationId, text, report }: ReportedText, fault: string): string =>
  `"${text}" in ${conversationId} (${JSON.stringify(report)}): ${fault}`

/** Lists each text on which client and mock differ, and each conversation whose texts are out of order. */
export async function findDifferences(
  account: MockAccount,
  conversationIds: readonly string[],
  texts: readonly ReportedText[],
): Promise<string[]> {
  if (account.requests.dropped > 0) return ['The journal is too small to tell']
  const entriesOf = group(account.requests.list({ event: 'ContentEvent' }), ({ body }) =>
    textIn(body),
  )
  const textsOf = group(texts, ({ conversationId }) => conversationId)
  const differences: string[] = []
  for (const conversationId of conversationIds) {
    const view = await account.conversations.get(conversationId)
    const transcript = view?.dialogs[0]?.transcript ?? []
    const said = transcript.map(({ event }) => ('message' in event ? event.message : undefined))
    const reported = textsOf.get(conversationId) ?? []
    for (const one of reported) {
      const sequences = transcript.flatMap(({ sequence }, place) =>
        said[place] === one.text ? [sequence] : [],
      )
      const fault = findFault(one.report, { sequences, entries: entriesOf.get(one.text) ?? [] })
      if (fault !== undefined) differences.push(toWords(one, fault))
    }
    const inOrder = reported.map(({ text }) => text).filter(text => said.includes(text))
    if (said.join('\n') !== inOrder.join('\n'))
      differences.push(
        `${conversationId} has [${said.join(', ')}], called was [${inOrder.join(', ')}]`,
      )
  }
  return differences
}
