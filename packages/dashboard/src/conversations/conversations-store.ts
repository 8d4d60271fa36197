import { signal } from '@preact/signals'
import { type ControlAnswer, ControlError, type StreamedEvent } from '@sendbox/mock-server/control'
import { call } from '../live/mock.ts'
import { createLive } from '../live/store.ts'

export type ConversationView = ControlAnswer<'getConversation'>
export type DialogView = ConversationView['dialogs'][number]
export type TranscriptEntry = DialogView['transcript'][number]

/** The newest conversations, the newest first, and whether there are older ones. */
interface ConversationList {
  readonly found: readonly ConversationView[]
  readonly hasOlder: boolean
}

/** Conversations that a page of the list has. */
const pageSize = 100

/** How many conversations are listed at most. */
const shownLimit = signal(pageSize)

async function readList(accountId: string): Promise<ConversationList> {
  const found: ConversationView[] = []
  for (;;) {
    const before = found.at(-1)?.conversationId
    const query = { limit: pageSize, ...(before !== undefined && { before }) }
    const page = await call('listConversations', { accountId, query })
    found.push(...page)
    if (page.length < pageSize) return { found, hasOlder: false }
    if (found.length >= shownLimit.peek()) return { found, hasOlder: true }
  }
}

/** Of so many conversations at most, one each is read where events name them; of more the whole list is. */
const maxSingleReads = 8

const idsOf = (events: readonly StreamedEvent[]): ReadonlySet<string> =>
  new Set(
    events.flatMap(({ event, data }) => (event === 'conversation' ? [data.conversationId] : [])),
  )

/** A conversation; `undefined` for one that has gone since. */
async function readOne(
  accountId: string,
  conversationId: string,
): Promise<ConversationView | undefined> {
  try {
    return await call('getConversation', { accountId, conversationId })
  } catch (error) {
    if (error instanceof ControlError && error.status === 404) return undefined
    throw error
  }
}

/** The newest conversations of the account. */
export const conversations = createLive<ConversationList>({
  async read(accountId, known) {
    const ids = idsOf(known?.events ?? [])
    if (known === undefined || ids.size > maxSingleReads) return readList(accountId)
    const read = await Promise.all([...ids].map(id => readOne(accountId, id)))
    const views = read.filter(view => view !== undefined)
    const changed = new Map(views.map(view => [view.conversationId, view]))
    const { found, hasOlder } = known.before
    const listed = new Set(found.map(({ conversationId }) => conversationId))
    const added = views
      .filter(({ conversationId }) => !listed.has(conversationId))
      .toSorted((one, other) => other.openedAt - one.openedAt)
    const updated = found.map(view => changed.get(view.conversationId) ?? view)
    return { found: [...added, ...updated], hasOlder }
  },
  changesWith: ({ event }) => event === 'conversation',
})

/** Lists a page more. */
export function showOlder(): void {
  shownLimit.value += pageSize
  conversations.refresh()
}

/** All entries of a conversation in the order of their dialogs. */
const entriesOf = ({ dialogs }: ConversationView): readonly TranscriptEntry[] =>
  dialogs.flatMap(({ transcript }) => transcript)

/** The text of an entry, in one line. */
export function toLine({ event }: TranscriptEntry): string {
  switch (event.type) {
    case 'ContentEvent':
      if (event.contentType === 'text/plain') return event.message
      if (event.contentType === 'hosted/file') return event.message.caption ?? 'a file'
      return event.contentType === 'external/file' ? 'a file of another site' : event.message.title
    case 'RichContentEvent':
      return 'a card'
    case 'AcceptStatusEvent':
      return event.status
    default:
      return event.type
  }
}

/** The last text or other content of a conversation. */
export const lastContentOf = (view: ConversationView): TranscriptEntry | undefined =>
  entriesOf(view).findLast(
    ({ event }) => event.type === 'ContentEvent' || event.type === 'RichContentEvent',
  )

/** How a consumer is named: by the connector's own id where it is known. */
export const nameOf = ({ consumer, consumerId }: ConversationView): string => consumer ?? consumerId
