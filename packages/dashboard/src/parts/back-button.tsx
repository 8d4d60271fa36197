import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { navigate } from '../live/route.ts'
import { Icon } from './icon.tsx'

/**
 * Leads back to the list of the room. It is shown where the list is not, and has the focus there when what it heads is opened: the link that
 * opened it is hidden.
 */
export function BackButton(): JSX.Element {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    // A hidden button takes no focus: beside the list nothing changes. Nor does it where the page begins here.
    if (navigator.userActivation.hasBeenActive) button.current?.focus()
  }, [])
  return (
    <button
      ref={button}
      type="button"
      class="back quiet"
      aria-label="Back to the list"
      onClick={() => navigate({ id: '' })}
    >
      <Icon name="back" />
    </button>
  )
}
