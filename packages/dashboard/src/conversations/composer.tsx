import { signal, useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { attempt } from '../live/mock.ts'
import { account } from '../live/route.ts'
import { Icon } from '../parts/icon.tsx'
import { Menu } from '../parts/menu.tsx'
import { agentActions, say, sendAgentFile, setAgentState } from './agent-actions.ts'
import { consumerActions } from './consumer-actions.ts'
import { type ConversationView, nameOf } from './conversations-store.ts'
import { openDialogOf, sendChatState, sendFile, sendText } from './play-consumer.ts'

/** Who speaks. */
const speaker = signal<'agent' | 'consumer'>('agent')

/** Time without a key until a writer pauses, in ms. */
const pauseMs = 3000

/** Calls `change` with COMPOSING at the first key, and with PAUSE when no key came for a while. */
function useTyping(change: (chatState: 'COMPOSING' | 'PAUSE' | 'ACTIVE') => Promise<unknown>) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const isTyping = useRef(false)
  const end = (chatState: 'PAUSE' | 'ACTIVE' | undefined): void => {
    clearTimeout(timer.current)
    if (isTyping.current && chatState) void attempt(() => change(chatState))
    isTyping.current = false
  }
  const press = (): void => {
    if (!isTyping.current) void attempt(() => change('COMPOSING'))
    isTyping.current = true
    clearTimeout(timer.current)
    timer.current = setTimeout(() => end('PAUSE'), pauseMs)
  }
  return { press, end }
}

/** What a speaker can do. */
interface Speaker {
  readonly say: (text: string) => Promise<unknown>
  readonly type: (chatState: 'COMPOSING' | 'PAUSE' | 'ACTIVE') => Promise<unknown>
  readonly sendFile: (file: File) => Promise<unknown>
  readonly actions: Parameters<typeof Menu>[0]['items']
}

const Field = ({ speaks, label }: { readonly speaks: Speaker; readonly label: string }) => {
  const text = useSignal('')
  const file = useRef<HTMLInputElement>(null)
  const typing = useTyping(speaks.type)
  const send = async (): Promise<void> => {
    if (text.value.trim() === '') return
    typing.end('ACTIVE')
    const given = text.value
    text.value = ''
    // What was refused is not lost.
    if (!(await attempt(() => speaks.say(given)))) text.value ||= given
  }
  return (
    <div class="composer-field">
      <textarea
        aria-label={label}
        placeholder={`${label} (Enter sends)`}
        rows={2}
        value={text.value}
        onInput={({ currentTarget }) => {
          text.value = currentTarget.value
          typing.press()
        }}
        onKeyDown={event => {
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
          event.preventDefault()
          void send()
        }}
      />
      <div class="composer-actions">
        <Menu label="More" items={speaks.actions} />
        <button type="button" onClick={() => file.current?.click()}>
          <Icon name="file" />
          File
        </button>
        <input
          ref={file}
          type="file"
          class="hidden"
          aria-label="File to send"
          tabIndex={-1}
          onChange={({ currentTarget }) => {
            const [chosen] = currentTarget.files ?? []
            currentTarget.value = ''
            if (chosen) void attempt(() => speaks.sendFile(chosen))
          }}
        />
        <button type="button" class="primary" onClick={() => void send()}>
          <Icon name="send" />
          Send
        </button>
      </div>
    </div>
  )
}

/** Where one speaks as the agent or as the consumer of a conversation. */
export function Composer({ view }: { readonly view: ConversationView }): JSX.Element {
  const isPrivate = useSignal(false)
  const accountId = account.value
  const agentPlace = { accountId, conversationId: view.conversationId }
  const place = { accountId, view }
  const agent: Speaker = {
    say: text => say(agentPlace, text, isPrivate.value),
    type: chatState => setAgentState(agentPlace, chatState),
    sendFile: file => sendAgentFile(agentPlace, file),
    actions: agentActions(agentPlace, view),
  }
  const consumer: Speaker = {
    say: text => sendText(place, text),
    // A survey takes no chat states. Rule: LIF-3a.
    type: async chatState => {
      if (openDialogOf(view)?.dialogType === 'MAIN') await sendChatState(place, chatState)
    },
    sendFile: file => sendFile(place, file),
    actions: consumerActions(place),
  }
  const isAgent = speaker.value === 'agent'
  return (
    <section class="composer" aria-label="Speak">
      <div class="composer-head">
        <fieldset class="segmented">
          <legend class="hidden">Speak as</legend>
          {(['agent', 'consumer'] as const).map(who => (
            <label key={who}>
              <input
                type="radio"
                name="speaker"
                checked={speaker.value === who}
                onChange={() => {
                  speaker.value = who
                }}
              />
              {who === 'agent' ? 'Agent' : 'Consumer'}
            </label>
          ))}
        </fieldset>
        {isAgent ? (
          <label class="check">
            <input
              type="checkbox"
              checked={isPrivate.value}
              onChange={({ currentTarget }) => {
                isPrivate.value = currentTarget.checked
              }}
            />
            private note
          </label>
        ) : (
          <span class="muted">by SEND, as the connector does; marked as sent by hand</span>
        )}
      </div>
      <Field
        key={`${view.conversationId} ${speaker.value}`}
        speaks={isAgent ? agent : consumer}
        label={isAgent ? 'Say as the agent' : `Say as ${nameOf(view)}`}
      />
    </section>
  )
}
