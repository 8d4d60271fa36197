import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { followArrows } from './arrow-keys.ts'

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
  const focusSummary = (): void => details.current?.querySelector('summary')?.focus()
  return (
    <details
      class="menu"
      ref={details}
      onKeyDown={event => {
        const { currentTarget } = event
        if (event.key === 'ArrowDown') currentTarget.open = true
        if (!currentTarget.open) return
        followArrows(event, currentTarget, 'summary, li button')
        if (event.key !== 'Escape') return
        event.stopPropagation()
        close()
        focusSummary()
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
                // A dialog gives the focus back to where it was.
                focusSummary()
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
