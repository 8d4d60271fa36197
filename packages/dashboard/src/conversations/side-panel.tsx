import { useSignal } from '@preact/signals'
import type { ControlAnswer } from '@sendbox/mock-server/control'
import type { ComponentChildren, JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { call } from '../live/mock.ts'
import { account, toPlace } from '../live/route.ts'
import { CopiedId } from '../parts/copy-button.tsx'
import { JsonView } from '../parts/json-view.tsx'
import { toDateTime } from '../parts/time.tsx'
import type { ConversationView } from './conversations-store.ts'

const Fact = ({
  name,
  children,
}: {
  readonly name: string
  readonly children: ComponentChildren
}): JSX.Element => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
)

/** The profile that a consumer set last, if they set one. */
function useProfile(view: ConversationView) {
  const profile = useSignal<ControlAnswer<'getProfile'> | undefined>(undefined)
  const { consumerId } = view
  useEffect(() => {
    let isGone = false
    void (async () => {
      try {
        const found = await call('getProfile', {
          accountId: account.peek(),
          consumer: consumerId,
        })
        if (!isGone) profile.value = found
      } catch {
        // A consumer without a profile is 404.
        if (!isGone) profile.value = undefined
      }
    })()
    return () => {
      isGone = true
    }
  }, [consumerId])
  return profile
}

/** What is known of a conversation beside its messages. */
export function SidePanel({ view }: { readonly view: ConversationView }): JSX.Element {
  const profile = useProfile(view)
  const { conversationId } = view
  return (
    <aside class="side-panel" aria-label="Facts of the conversation">
      <dl>
        <Fact name="Conversation">
          <CopiedId id={conversationId} label="Copy id" />
        </Fact>
        <Fact name="ext_consumer_id">
          {view.consumer === undefined ? (
            'unknown'
          ) : (
            <CopiedId id={view.consumer} label="Copy id" />
          )}
        </Fact>
        <Fact name="lp_consumer_id">
          <CopiedId id={view.consumerId} label="Copy id" />
        </Fact>
        {view.dialogs.map(({ dialogId, dialogType }) => (
          <Fact key={dialogId} name={`Dialog ${dialogType}`}>
            <CopiedId id={dialogId} label="Copy id" />
          </Fact>
        ))}
        <Fact name="Opened">{toDateTime(view.openedAt)}</Fact>
        {view.closedAt !== undefined && (
          <Fact name="Closed">
            {toDateTime(view.closedAt)}, by {view.closedBy ?? view.closeReason}
            {view.closedCause !== undefined && ` (${view.closedCause})`}
          </Fact>
        )}
        <Fact name="Skill">{view.skillId}</Fact>
        <Fact name="TTR">
          {view.ttr.ttrType}, {view.ttr.value} s
          {view.effectiveTTR >= 0 && `; answer due ${toDateTime(view.effectiveTTR)}`}
        </Fact>
        {view.channel !== undefined && <Fact name="Channel">{view.channel}</Fact>}
        {view.csat && (
          <Fact name="Rating">
            {view.csat.csatRate} of 5,{' '}
            {view.csat.csatResolutionConfirmation ? 'resolved' : 'not resolved'}
          </Fact>
        )}
        <Fact name="Participants">
          {view.participants.map(({ id, role }) => (
            <div key={id} class="ellipsis" title={id}>
              {role} {id}
            </div>
          ))}
        </Fact>
      </dl>
      {view.campaign && <JsonView value={view.campaign} label="Campaign" />}
      {view.context && <JsonView value={view.context} label="Context" />}
      {profile.value !== undefined && (
        <>
          <h3>Profile</h3>
          <JsonView value={profile.value} label="Profile" />
        </>
      )}
      <p class="links">
        <a href={toPlace({ room: 'calls', id: '', filters: { conversation: conversationId } })}>
          Its calls
        </a>
        <a href={toPlace({ room: 'webhooks', id: '', filters: { conversation: conversationId } })}>
          Its webhooks
        </a>
      </p>
    </aside>
  )
}
