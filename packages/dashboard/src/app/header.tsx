import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { clock, now } from '../live/clock.ts'
import { attempt, call, connection } from '../live/mock.ts'
import { account, navigate, rooms, route, toPlace } from '../live/route.ts'
import { CommittedInput } from '../parts/committed-input.tsx'
import { Icon } from '../parts/icon.tsx'
import { Menu } from '../parts/menu.tsx'
import { toDateTime } from '../parts/time.tsx'
import { commands, roomNames } from './commands.ts'
import { openHelp, openPalette } from './palette.tsx'
import { isDarkNow, toggleTheme } from './theme.ts'

const states = {
  connecting: 'connecting',
  live: 'live',
  lost: 'connection lost',
  paused: 'paused',
  locked: 'locked',
} as const

/** The accounts that the mock knows, read when the field is used. */
const AccountField = (): JSX.Element => {
  const known = useSignal<readonly string[]>([])
  const read = (): void =>
    void attempt(async () => {
      const accounts = await call('listAccounts', { query: { limit: 1000 } })
      known.value = accounts.map(({ accountId }) => accountId)
    })
  return (
    // The field below is its control.
    // biome-ignore lint/a11y/noLabelWithoutControl: see above
    <label class="account">
      <span>Account</span>
      <CommittedInput
        list="accounts"
        label="Account id"
        value={account.value}
        onFocus={read}
        commit={text => {
          if (text.trim() !== '') navigate({ account: text.trim() })
        }}
      />
      <datalist id="accounts">
        {known.value.map(id => (
          <option key={id} value={id} />
        ))}
      </datalist>
    </label>
  )
}

const Clock = (): JSX.Element | null => {
  const view = clock.value.value
  return view === undefined ? null : (
    <span class="header-clock" title="the account's clock">
      {toDateTime(now.value)}
      {view.frozen && <span class="badge">frozen</span>}
    </span>
  )
}

/** What stands above every room. */
export const Header = (): JSX.Element => (
  <header class="top">
    <a class="brand" href={toPlace({ room: 'conversations', id: '', filters: {} })}>
      Sendbox
    </a>
    <nav aria-label="Rooms">
      {rooms.map(room => (
        <a
          key={room}
          href={toPlace({ room, id: '', filters: {} })}
          aria-current={route.value.room === room ? 'page' : undefined}
        >
          <Icon name={room} />
          <span>{roomNames[room]}</span>
        </a>
      ))}
    </nav>
    <div class="end">
      <Clock />
      <AccountField />
      <span class={`connection ${connection.value}`} role="status">
        {states[connection.value]}
      </span>
      <Menu
        label="Manage"
        items={commands(openHelp)
          .filter(({ key, name }) => key === undefined && name !== '')
          .map(({ name, run }) => ({ text: name, act: run }))}
      />
      <button
        type="button"
        class="quiet"
        aria-label="All commands"
        title="Ctrl K"
        onClick={openPalette}
      >
        <Icon name="search" />
      </button>
      <button
        type="button"
        class="quiet"
        aria-label={isDarkNow() ? 'Change to light' : 'Change to dark'}
        onClick={toggleTheme}
      >
        <Icon name={isDarkNow() ? 'sun' : 'moon'} />
      </button>
      <button type="button" class="quiet" aria-label="Keys" onClick={openHelp}>
        <Icon name="help" />
      </button>
    </div>
  </header>
)
