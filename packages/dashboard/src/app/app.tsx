import { effect } from '@preact/signals'
import type { JSX } from 'preact'
import { Calls } from '../calls/calls.tsx'
import { Conversations } from '../conversations/conversations.tsx'
import { connection, trouble, unlock } from '../live/mock.ts'
import { account, type Room, route } from '../live/route.ts'
import { FormDialog } from '../parts/form-dialog.tsx'
import { Icon } from '../parts/icon.tsx'
import { Rules } from '../rules/rules.tsx'
import { Trouble } from '../trouble/trouble.tsx'
import { Verify } from '../verify/verify.tsx'
import { Webhooks } from '../webhooks/webhooks.tsx'
import { roomNames } from './commands.ts'
import { Header } from './header.tsx'
import { Overlay } from './palette.tsx'

const views: Readonly<Record<Room, () => JSX.Element>> = {
  conversations: Conversations,
  calls: Calls,
  webhooks: Webhooks,
  trouble: Trouble,
  verify: Verify,
  rules: Rules,
}

/** Asks for the control token, which stays in memory. */
const Lock = (): JSX.Element => (
  <main class="lock">
    <form
      onSubmit={event => {
        event.preventDefault()
        const token = new FormData(event.currentTarget).get('token')
        if (typeof token === 'string') unlock(token)
      }}
    >
      <h1>
        <Icon name="lock" /> The mock wants its control token
      </h1>
      <p>
        It was started with <code>--control-token</code>. <code>sendbox open</code> passes it to
        this page. It stays in memory: a reload asks again.
      </p>
      <label class="field">
        <span>Control token</span>
        <input name="token" type="password" autocomplete="off" required />
      </label>
      {trouble.value !== undefined && (
        <p class="refusal" role="alert">
          {trouble.value}
        </p>
      )}
      <div class="actions">
        <button type="submit" class="primary">
          Unlock
        </button>
      </div>
    </form>
  </main>
)

const Refusal = (): JSX.Element | null =>
  trouble.value === undefined || document.querySelector('dialog[open]') ? null : (
    <div class="refusal toast" role="alert">
      <span>{trouble.value}</span>
      <button
        type="button"
        class="quiet"
        aria-label="Close the message"
        onClick={() => {
          trouble.value = undefined
        }}
      >
        <Icon name="close" />
      </button>
    </div>
  )

effect(() => {
  document.title = `${roomNames[route.value.room]} · ${account.value} · Sendbox`
})

/** The page. */
export function App(): JSX.Element {
  if (connection.value === 'locked') return <Lock />
  const View = views[route.value.room]
  return (
    <>
      <Header />
      <main tabIndex={-1}>
        <h1 class="hidden">{roomNames[route.value.room]}</h1>
        <View key={`${account.value} ${route.value.room}`} />
      </main>
      <Refusal />
      <Overlay />
      <FormDialog />
    </>
  )
}
