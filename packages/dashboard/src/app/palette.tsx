import { signal, useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { type Command, commands } from './commands.ts'

const shown = signal<'palette' | 'help' | undefined>(undefined)

/** Opens the list of commands. */
export const openPalette = (): void => {
  shown.value = 'palette'
}

/** Opens the page of keys. */
export const openHelp = (): void => {
  shown.value = 'help'
}

/** Keys that are no command of the palette. */
const moves = [
  ['j, k', 'shows the next and the previous of the list'],
  ['↓, ↑', 'moves within a list or menu; Enter opens'],
  ['Escape', 'closes what is open'],
  ['Ctrl K', 'all commands'],
] as const

const close = (): void => {
  shown.value = undefined
}

/** Opens a dialog as soon as it is drawn. */
function useModal() {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return dialog
}

const Palette = (): JSX.Element => {
  const dialog = useModal()
  const text = useSignal('')
  const chosen = useSignal(0)
  const found = commands(openHelp).filter(({ name }) =>
    name.toLowerCase().includes(text.value.toLowerCase()),
  )
  const run = (command: Command | undefined): void => {
    dialog.current?.close()
    command?.run()
  }
  const move = (step: number): void => {
    chosen.value = Math.min(Math.max(chosen.value + step, 0), Math.max(found.length - 1, 0))
  }
  return (
    <dialog ref={dialog} class="palette" aria-label="Commands" onClose={close}>
      <input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found.length > 0 ? `command-${chosen.value}` : undefined}
        aria-label="Command"
        placeholder="Command"
        value={text.value}
        onInput={({ currentTarget }) => {
          text.value = currentTarget.value
          chosen.value = 0
        }}
        onKeyDown={event => {
          if (event.key === 'ArrowDown') move(1)
          else if (event.key === 'ArrowUp') move(-1)
          else if (event.key === 'Enter') run(found[chosen.value])
          else return
          event.preventDefault()
        }}
      />
      <div id="palette-list" role="listbox" aria-label="Commands">
        {found.map((command, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus, as a combobox does
          <div
            key={command.name}
            id={`command-${index}`}
            role="option"
            aria-selected={index === chosen.value}
            class="option"
            onClick={() => run(command)}
          >
            {command.name}
            {command.key !== undefined && <kbd>{command.key}</kbd>}
          </div>
        ))}
      </div>
    </dialog>
  )
}

const Help = (): JSX.Element => {
  const dialog = useModal()
  return (
    <dialog ref={dialog} aria-labelledby="help-title" onClose={close}>
      <h2 id="help-title">Keys</h2>
      <dl class="keys">
        {[
          ...commands(openHelp).flatMap(({ key, name }) =>
            key === undefined ? [] : [[key, name] as const],
          ),
          ...moves,
        ].map(([key, name]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{name}</dd>
          </div>
        ))}
      </dl>
      <div class="actions">
        <button type="button" class="primary" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
    </dialog>
  )
}

/** The list of commands or the page of keys, if one is open. */
export const Overlay = (): JSX.Element | null =>
  shown.value === 'palette' ? <Palette /> : shown.value === 'help' ? <Help /> : null
