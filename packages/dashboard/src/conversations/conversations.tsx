import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { route } from '../live/route.ts'
import { BackButton } from '../parts/back-button.tsx'
import { Empty } from '../parts/empty.tsx'
import { Chat } from './chat.tsx'
import { Composer } from './composer.tsx'
import { ConversationList } from './conversation-list.tsx'
import { type ConversationView, conversations, nameOf } from './conversations-store.ts'
import { SidePanel } from './side-panel.tsx'

const Opened = ({ view }: { readonly view: ConversationView }): JSX.Element => {
  const hasFacts = useSignal(innerWidth >= 1200)
  return (
    <section
      class={`conversation ${hasFacts.value ? 'with-facts' : ''}`}
      aria-label={`Conversation with ${nameOf(view)}`}
    >
      <header class="pane-head">
        <BackButton />
        <h2 dir="auto">{nameOf(view)}</h2>
        <span class={`state ${view.stage.toLowerCase()}`}>{view.stage}</span>
        <button
          type="button"
          class="end"
          aria-expanded={hasFacts.value}
          onClick={() => {
            hasFacts.value = !hasFacts.value
          }}
        >
          Facts
        </button>
      </header>
      <Chat view={view} />
      <Composer view={view} />
      {hasFacts.value && <SidePanel view={view} />}
    </section>
  )
}

/** The home of the page: every conversation, live, and both sides to play. */
export function Conversations(): JSX.Element {
  const { id } = route.value
  const list = conversations.value.value
  const view = list?.found.find(({ conversationId }) => conversationId === id)
  return (
    <div class={`room panes ${id === '' ? '' : 'has-detail'}`}>
      <ConversationList />
      {view ? (
        <Opened key={view.conversationId} view={view} />
      ) : (
        <section class="conversation" aria-label="Conversation">
          {list && (
            <Empty title={id === '' ? 'Choose a conversation' : 'No such conversation'}>
              <p>
                {id === ''
                  ? 'Its messages appear here as they come; you can answer as the agent, and write as the consumer.'
                  : 'It may have gone with a reset, or is older than those in the list.'}
              </p>
            </Empty>
          )}
        </section>
      )}
    </div>
  )
}
