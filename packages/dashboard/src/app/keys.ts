import { effect } from '@preact/signals'
import { navigate, route, toPlace } from '../live/route.ts'
import { commands } from './commands.ts'
import { openHelp, openPalette } from './palette.tsx'

/** Goes to the link of a list that follows the shown one, or precedes it. */
function moveBy(step: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('.list-pane a[href]')]
  const present = links.findIndex(link => link.getAttribute('aria-current') === 'true')
  const next = links[present === -1 ? 0 : present + step]
  next?.click()
  next?.focus()
}

const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('input, textarea, select')

/** Follows the keys of the page. */
export function startKeys(): void {
  addEventListener('keydown', event => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault()
      openPalette()
      return
    }
    if (event.key === 'Escape' && document.querySelector('dialog[open]') === null) {
      if (isWriting(event.target)) (event.target as HTMLElement).blur()
      else if (route.peek().id !== '') navigate({ id: '' })
      return
    }
    const isPlain = !(event.ctrlKey || event.metaKey || event.altKey)
    if (!isPlain || isWriting(event.target) || document.querySelector('dialog[open]')) return
    if (event.key === 'j') moveBy(1)
    else if (event.key === 'k') moveBy(-1)
    else {
      const command = commands(openHelp).find(({ key }) => key === event.key)
      if (command === undefined) return
      event.preventDefault()
      command.run()
    }
  })
}

/** Where the focus belongs once a place has gone from the screen with what had it: on the row that led there, else on the room. */
function focusTarget(row: string | undefined): HTMLElement | null | undefined {
  const links = document.querySelectorAll<HTMLAnchorElement>('.list-pane a[href]')
  const found = [...links].find(link => link.getAttribute('href') === row)
  return found ?? document.querySelector('main')
}

/** Leads the focus to where the reader is, where a change of place has removed what had it. */
export function startFocus(): void {
  let before = route.peek()
  effect(() => {
    const { room, id } = route.value
    const isClosed = room === before.room && id === '' && before.id !== ''
    const isLeft = room !== before.room
    const row = isClosed ? toPlace({ id: before.id }) : undefined
    before = route.value
    if (!isClosed && !isLeft) return
    // By the next frame it is drawn.
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) focusTarget(row)?.focus()
    })
  })
}
