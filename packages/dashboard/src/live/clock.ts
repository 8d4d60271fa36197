import { effect, signal } from '@preact/signals'
import { call } from './mock.ts'
import { createLive } from './store.ts'

/** The account's clock. */
export const clock = createLive({
  read: async accountId => {
    const view = await call('getClock', { accountId })
    return { ...view, readAt: Date.now() }
  },
  changesWith: ({ event }) => event === 'clock' || event === 'delivery' || event === 'conversation',
})

/** The time of the account in ms since the epoch; the present one of this machine until it was read. */
export const now = signal(Date.now())

function tick(): void {
  const view = clock.value.peek()
  if (view === undefined) now.value = Date.now()
  else now.value = view.frozen ? view.now : Date.now() + (view.now - view.readAt)
}

effect(() => {
  if (clock.value.value) tick()
})
setInterval(() => {
  if (!document.hidden) tick()
}, 1000)
