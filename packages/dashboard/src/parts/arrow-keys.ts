/** Moves the focus within a list by the arrow keys, among the elements of a selector: so a list is one stop of the Tab key, however long it is. */
export function followArrows(event: KeyboardEvent, list: HTMLElement, selector: string): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step === undefined) return
  const items = [...list.querySelectorAll<HTMLElement>(selector)]
  const present = items.indexOf(document.activeElement as HTMLElement)
  const next = items[present + step]
  if (next === undefined) return
  event.preventDefault()
  next.focus()
}
