import { computed, signal } from '@preact/signals'
import { hashOfUrl } from './control-token.ts'
import { parseRoute, type Route, toHash } from './place.ts'

export { type Room, rooms } from './place.ts'

const hash = signal(hashOfUrl)

addEventListener('hashchange', () => {
  hash.value = location.hash
})

/** Where the page is. */
export const route = computed(() => parseRoute(hash.value))

/** The account whose state is shown. */
export const account = computed(() => route.value.account)

/** The hash of a place that differs from the present one; another room begins without an id and without filters. */
export function toPlace(change: Partial<Route>): string {
  const present = route.value
  const isElsewhere =
    (change.room ?? present.room) !== present.room ||
    (change.account ?? present.account) !== present.account
  const kept = isElsewhere ? { ...present, id: '', filters: {} } : present
  return toHash({ ...kept, ...change })
}

/** Goes to a place; `replace` leaves no entry in the browser's history. */
export function navigate(change: Partial<Route>, replace = false): void {
  const target = toPlace(change)
  if (target === location.hash) return
  if (replace) history.replaceState(null, '', target)
  else history.pushState(null, '', target)
  hash.value = target
}

addEventListener('popstate', () => {
  hash.value = location.hash
})
