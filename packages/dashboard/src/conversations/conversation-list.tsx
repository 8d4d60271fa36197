import type { JSX } from 'preact'
import { now } from '../live/clock.ts'
import { account, route, toPlace } from '../live/route.ts'
import { followArrows } from '../parts/arrow-keys.ts'
import { Empty, toSendLine } from '../parts/empty.tsx'
import { SearchFilter, SelectFilter } from '../parts/filters.tsx'
import { Age, toDateTime, toDuration } from '../parts/time.tsx'
import { typistsOf } from './chat.tsx'
import {
  type ConversationView,
  conversations,
  lastContentOf,
  nameOf,
  showOlder,
  toLine,
} from './conversations-store.ts'

/** The time by which an agent is to answer, or how long that is past. Rule: WH-8. */
const Ttr = ({ effectiveTTR }: ConversationView): JSX.Element | null => {
  if (effectiveTTR < 0) return null
  const left = effectiveTTR - now.value
  return (
    <span
      class={left < 0 ? 'badge late' : 'badge'}
      title={`answer due ${toDateTime(effectiveTTR)}`}
    >
      {left < 0 ? `${toDuration(left)} late` : `due in ${toDuration(left)}`}
    </span>
  )
}

/** Of a text, a row shows its beginning; more than this never fits. */
const rowCharacters = 200

const Row = ({
  view,
  isStop,
}: {
  readonly view: ConversationView
  /** Whether the Tab key stops at it, as it does at the one that is shown. */
  readonly isStop: boolean
}): JSX.Element => {
  const last = lastContentOf(view)
  const typists = typistsOf(view)
  const isShown = route.value.id === view.conversationId
  return (
    <a
      class="conversation-row"
      href={toPlace({ room: 'conversations', id: view.conversationId })}
      aria-current={isShown ? 'true' : undefined}
      tabIndex={isShown || isStop ? 0 : -1}
    >
      <span class="row-head">
        <strong dir="auto">{nameOf(view)}</strong>
        <Age at={last?.serverTimestamp ?? view.openedAt} />
      </span>
      <span class="row-text" dir="auto">
        {typists.length > 0 ? (
          <em>{typists[0]} is typing</em>
        ) : last ? (
          toLine(last).slice(0, rowCharacters)
        ) : (
          'No message yet'
        )}
      </span>
      <span class="row-foot">
        <span class={`state ${view.stage.toLowerCase()}`}>
          {view.stage === 'OPEN' && view.state === 'CLOSE' ? 'SURVEY' : view.stage}
        </span>
        {view.skillId !== '-1' && <span class="badge">skill {view.skillId}</span>}
        <Ttr {...view} />
        {view.unread > 0 && <span class="badge unread">{view.unread} unread</span>}
      </span>
    </a>
  )
}

/** Whether a conversation has a text among its names and messages. */
function hasText(view: ConversationView, text: string): boolean {
  const wanted = text.toLowerCase()
  const names = [nameOf(view), view.consumerId, view.conversationId]
  return (
    names.some(name => name.toLowerCase().includes(wanted)) ||
    view.dialogs.some(({ transcript }) =>
      transcript.some(entry => toLine(entry).toLowerCase().includes(wanted)),
    )
  )
}

function matches(view: ConversationView): boolean {
  const { q = '', state = '', skill = '' } = route.value.filters
  return (
    (state === '' || view.stage === state) &&
    (skill === '' || view.skillId === skill) &&
    (q === '' || hasText(view, q))
  )
}

/** The conversations of the account, the newest first. */
export function ConversationList(): JSX.Element {
  const { value, problem } = conversations
  const { found = [], hasOlder = false } = value.value ?? {}
  const shown = found.filter(matches)
  const skills = [...new Set(found.map(({ skillId }) => skillId))].filter(id => id !== '-1')
  return (
    <section class="list-pane" aria-label="Conversations">
      <div class="filters">
        <SearchFilter name="q" label="Search" />
        <SelectFilter
          name="state"
          label="Any state"
          options={[
            ['OPEN', 'Open'],
            ['CLOSE', 'Closed'],
          ]}
        />
        {skills.length > 0 && (
          <SelectFilter
            name="skill"
            label="Any skill"
            options={skills.map(id => [id, id] as const)}
          />
        )}
      </div>
      {problem.value !== undefined && <p class="refusal">{problem.value}</p>}
      {/* The rows are links; the list adds the arrow keys. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: see above */}
      <div
        class="rows"
        onKeyDown={event => followArrows(event, event.currentTarget, '.conversation-row')}
      >
        {shown.map((view, index) => (
          <Row key={view.conversationId} view={view} isStop={index === 0} />
        ))}
        {value.value && found.length === 0 && (
          <Empty title="No conversation yet" lines={[toSendLine(account.value)]}>
            <p>A connector opens one with its first message. This line does, too:</p>
          </Empty>
        )}
        {found.length > 0 && shown.length === 0 && <Empty title="None matches the filters" />}
        {hasOlder && (
          <button type="button" onClick={showOlder}>
            Show older ones
          </button>
        )}
      </div>
    </section>
  )
}
