import type { JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { attempt } from '../live/mock.ts'
import { account } from '../live/route.ts'
import { Icon } from '../parts/icon.tsx'
import { Time, toDateTime } from '../parts/time.tsx'
import { Card, type PressedButton, QuickReplies } from './card.tsx'
import {
  type ConversationView,
  type DialogView,
  nameOf,
  type TranscriptEntry,
} from './conversations-store.ts'
import { pressButton } from './play-consumer.ts'
import { StoredFile } from './stored-file.tsx'

/** What the receipts of a dialog say of each of its events. */
type Receipts = ReadonlyMap<number, readonly string[]>

const words = {
  ACCEPT: 'accepted',
  READ: 'read',
  ACCESS: 'opened',
  ACTION: 'acted on',
  NACK: 'not accepted',
}

function toReceipts({ transcript }: DialogView, consumer: string): Receipts {
  const receipts = new Map<number, string[]>()
  for (const { event, role, originatorId } of transcript) {
    if (event.type !== 'AcceptStatusEvent') continue
    const who = role === 'CONSUMER' ? consumer : originatorId
    const word = (words as Readonly<Record<string, string>>)[event.status] ?? event.status
    for (const sequence of event.sequenceList)
      receipts.set(sequence, [...(receipts.get(sequence) ?? []), `${word} by ${who}`])
  }
  return receipts
}

type Press = (button: PressedButton) => void

function Content({
  entry: { event, file },
  press,
}: {
  readonly entry: TranscriptEntry
  readonly press: Press | undefined
}): JSX.Element {
  if (event.type === 'RichContentEvent') return <Card element={event.content} press={press} />
  if (event.type !== 'ContentEvent') return <p>{event.type}</p>
  switch (event.contentType) {
    case 'text/plain': {
      const { quickReplies } = event as { readonly quickReplies?: unknown }
      return (
        <>
          <p class="text" dir="auto">
            {event.message}
          </p>
          <QuickReplies value={quickReplies} press={press} />
        </>
      )
    }
    case 'hosted/file':
      return file === undefined ? (
        <p>{event.message.caption ?? event.message.fileType}</p>
      ) : (
        <StoredFile path={file} fileType={event.message.fileType} caption={event.message.caption} />
      )
    case 'external/file':
      return (
        <p>
          <Icon name="file" /> {event.message.fileType}: {event.message.url}
        </p>
      )
    default:
      return (
        <p>
          <Icon name="lock" /> {event.message.title}
          <span class="muted">
            {event.contentType === 'forms/secure-submission'
              ? ' was submitted'
              : ' is to be filled in'}
          </span>
        </p>
      )
  }
}

/** A receipt of its own line: a transcript leaves no number out. */
const ReceiptLine = ({
  entry,
  who,
}: {
  readonly entry: TranscriptEntry
  readonly who: string
}): JSX.Element | null =>
  entry.event.type === 'AcceptStatusEvent' ? (
    <li class="receipt">
      <span class="sequence">{entry.sequence}</span>
      {entry.event.status} of {entry.event.sequenceList.join(', ')} by {who}{' '}
      <Time at={entry.serverTimestamp} />
    </li>
  ) : null

function Entry({
  entry,
  consumer,
  receipts,
  press,
}: {
  readonly entry: TranscriptEntry
  readonly consumer: string
  readonly receipts: Receipts
  readonly press: Press | undefined
}): JSX.Element {
  const { sequence, role, originatorId, serverTimestamp, messageAudience } = entry
  const isConsumer = role === 'CONSUMER'
  const who = isConsumer ? consumer : originatorId
  if (entry.event.type === 'AcceptStatusEvent') return <ReceiptLine entry={entry} who={who} />
  const isNote = messageAudience === 'AGENTS_AND_MANAGERS'
  return (
    <li class={`entry ${isConsumer ? 'of-consumer' : 'of-agent'} ${isNote ? 'note' : ''}`}>
      <div class="entry-head">
        <span class="sequence" title="sequence">
          {sequence}
        </span>
        <strong dir="auto">{who}</strong>
        {!isConsumer && <span class="muted">{role}</span>}
        {isNote && (
          <span class="badge">
            <Icon name="note" /> private note
          </span>
        )}
        <Time at={serverTimestamp} />
      </div>
      <div class="bubble">
        <Content entry={entry} press={isConsumer ? undefined : press} />
      </div>
      {(receipts.get(sequence) ?? []).map(receipt => (
        <div key={receipt} class="receipt-note">
          {receipt}
        </div>
      ))}
    </li>
  )
}

const titles = {
  MAIN: 'Main dialog',
  POST_SURVEY: 'Survey',
  CoBrowse: 'CoBrowse session',
} as const

const DialogHead = ({ dialog }: { readonly dialog: DialogView }): JSX.Element => (
  <h3 class="dialog-head">
    {titles[dialog.dialogType]}
    <span class={`state ${dialog.state.toLowerCase()}`}>{dialog.state}</span>
    <span class="muted">
      from {toDateTime(dialog.openedAt)}
      {dialog.closedAt !== undefined &&
        `, closed by ${dialog.closedBy ?? 'nobody'}${dialog.closedCause === undefined ? '' : ` (${dialog.closedCause})`}`}
    </span>
  </h3>
)

/** Who types, in open dialogs. */
export const typistsOf = (view: ConversationView): readonly string[] =>
  view.dialogs
    .filter(({ state }) => state === 'OPEN')
    .flatMap(({ chatStates }) => chatStates)
    .filter(({ chatState }) => chatState === 'COMPOSING')
    .map(({ participantId, role }) => (role === 'CONSUMER' ? nameOf(view) : participantId))

/** A conversation as a chat: its dialogs, one after another, and who types. */
export function Chat({ view }: { readonly view: ConversationView }): JSX.Element {
  const scroller = useRef<HTMLElement>(null)
  const count = view.dialogs.reduce((sum, { transcript }) => sum + transcript.length, 0)
  const typists = typistsOf(view)
  // A reader at the end stays there; one who reads above does not jump.
  const wasAtEnd = useRef(true)
  const followEnd = (): void => {
    const { current } = scroller
    if (current && wasAtEnd.current) current.scrollTop = current.scrollHeight
  }
  useLayoutEffect(followEnd, [count, view.conversationId, typists.length])
  const consumer = nameOf(view)
  const place = { accountId: account.value, view }
  const toPress = (sequence: number): Press | undefined =>
    view.consumer === undefined || view.stage === 'CLOSE'
      ? undefined
      : button => void attempt(() => pressButton(place, { ...button, sequence }))
  return (
    <section
      class="chat"
      ref={scroller}
      aria-label="Messages"
      // An image has its height only now.
      onLoadCapture={followEnd}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reached by the keyboard
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        wasAtEnd.current = scrollHeight - scrollTop - clientHeight < 40
      }}
    >
      {view.dropped > 0 && <p class="muted">{view.dropped} older events were evicted.</p>}
      {view.dialogs.map(dialog => {
        const receipts = toReceipts(dialog, consumer)
        return (
          <section key={dialog.dialogId} class={`dialog ${dialog.dialogType}`}>
            <DialogHead dialog={dialog} />
            <ol>
              {dialog.transcript.map(entry => (
                <Entry
                  key={entry.sequence}
                  entry={entry}
                  consumer={consumer}
                  receipts={receipts}
                  press={toPress(entry.sequence)}
                />
              ))}
            </ol>
          </section>
        )
      })}
      <p class="typing" aria-live="polite">
        {typists.map(who => `${who} is typing`).join(', ')}
      </p>
    </section>
  )
}
