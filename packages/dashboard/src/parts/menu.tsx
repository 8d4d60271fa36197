import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'

/** An action of a menu. */
export interface MenuItem {
  readonly text: string
  readonly act: () => void
}

/** A button that opens a list of actions. */
export function Menu({
  label,
  items,
}: {
  readonly label: string
  readonly items: readonly MenuItem[]
}): JSX.Element {
  const details = useRef<HTMLDetailsElement>(null)
  const close = (): void => {
    if (details.current) details.current.open = false
  }
  return (
    <details
      class="menu"
      ref={details}
      onKeyDown={event => {
        if (event.key !== 'Escape' || !details.current?.open) return
        event.stopPropagation()
        close()
        details.current.querySelector('summary')?.focus()
      }}
      onFocusOut={({ relatedTarget }) => {
        if (relatedTarget instanceof Node && !details.current?.contains(relatedTarget)) close()
      }}
    >
      <summary>{label}</summary>
      <ul>
        {items.map(({ text, act }) => (
          <li key={text}>
            <button
              type="button"
              onClick={() => {
                close()
                act()
              }}
            >
              {text}
            </button>
          </li>
        ))}
      </ul>
    </details>
  )
}
